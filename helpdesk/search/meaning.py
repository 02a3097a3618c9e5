"""What a text means, as a vector: static word vectors, averaged.

The vectors come with the ``wordllama`` package (the extra ``helpdesk[semantic]``); without it there
is no meaning and the search is by words alone.  Only its two data files are used: 32,000 vectors of
256 half-precision numbers, mapped into memory and so shared by all processes of a host, and the
tokenizer.  Nothing is fetched from anywhere.

Source: WordLlama, D. Lee Miller, 2024 (MIT licence); token embeddings of LLaMA 2, reduced.
"""

import json
import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Which vectors these are; stored ones of another name are computed anew.
MODEL = "wordllama-l2-256/1"
DIMENSIONS = 256
#: The bytes of a stored vector.
SIZE = 2 * DIMENSIONS
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
#: Beyond these many characters or tokens a text says no more about what it is about.
_CHARACTERS, _TOKENS = 2_000, 512
#: How much the title counts beside title and body together.
_TITLE = 0.7
#: So many titles of an article (its own and its aliases) have a vector.
_TITLES = 16

_lock = threading.Lock()
_loaded: "list[Meaning | None]" = []


def meaning() -> "Meaning | None":
    """Return the vectors, loaded at the first call; None where the extra is not installed."""
    with _lock:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> "Meaning | None":
    # One small product a query: threads would cost memory and bring nothing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        spec = find_spec("wordllama")  # finds the package without running it
        if spec is None or spec.origin is None:
            return None
        return Meaning(Path(spec.origin).parent)
    except (ImportError, OSError, ValueError, KeyError):
        return None  # another version of the package: the search goes by words


class Meaning:
    """Turns texts into vectors of length one; those of like meaning have a large dot product."""

    def __init__(self, package: Path) -> None:
        import numpy
        from tokenizers import Tokenizer

        self._numpy = numpy
        self._table = _mapped(package / _WEIGHTS)
        self._tokenizer = Tokenizer.from_file(str(package / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_TOKENS)

    def vectors(self, texts: Sequence[str]) -> "Vectors":
        """Return a row for each text; one without any word is all zero."""
        numpy = self._numpy
        rows = numpy.zeros((len(texts), DIMENSIONS), numpy.float32)
        encoded = self._tokenizer.encode_batch(
            [text[:_CHARACTERS] for text in texts], add_special_tokens=False
        )
        for row, tokens in zip(rows, encoded, strict=True):
            if tokens.ids:
                row[:] = self._table[tokens.ids].astype(numpy.float32).mean(axis=0)
        return self._unit(rows)

    def document(self, titles: Sequence[str], body: str) -> "Vectors":
        """Return a row for each title of a text (the first ones, if there are many)."""
        some = titles[:_TITLES]
        rows = self.vectors([*some, f"{titles[0]}\n{body}"])
        return self._unit(_TITLE * rows[:-1] + (1 - _TITLE) * rows[-1])

    def packed(self, rows: "Vectors") -> list[bytes]:
        """Return rows as they are stored."""
        return [row.tobytes() for row in rows.astype(self._numpy.float16)]

    def unpacked(self, stored: Sequence[bytes]) -> "Vectors":
        """Return stored rows as one matrix."""
        flat = self._numpy.frombuffer(b"".join(stored), dtype=self._numpy.float16)
        return flat.reshape(len(stored), DIMENSIONS).astype(self._numpy.float32)

    def likest(self, matrix: "Vectors", asked: "Vectors", count: int) -> list[tuple[int, float]]:
        """Return (row, likeness) of the rows likest to any of some queries, the likest first."""
        likeness = (matrix @ asked.T).max(axis=1)
        best = self._numpy.argsort(-likeness, kind="stable")[:count]
        return [(int(row), float(likeness[row])) for row in best]

    def _unit(self, rows: "Vectors") -> "Vectors":
        lengths = self._numpy.linalg.norm(rows, axis=1, keepdims=True)
        result: Vectors = rows / self._numpy.maximum(lengths, 1e-9)
        return result


def _mapped(file: Path) -> Any:
    """Return the matrix in a safetensors file, mapped into memory."""
    import numpy

    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(size))
    (entry,) = (value for name, value in header.items() if name != "__metadata__")
    if entry["dtype"] != "F16" or entry["shape"][1] != DIMENSIONS:
        raise ValueError("other vectors than expected")
    start = 8 + size + entry["data_offsets"][0]
    return numpy.memmap(file, numpy.float16, "r", start, tuple(entry["shape"]))
