"""The numbers in an ONNX file, mapped into memory instead of read.

An ONNX file is one Protocol Buffers message.  Of it only the initializers of the graph are looked
at: where in the file the bytes of each tensor lie.  Processes that map the same file share them.

Source: ``onnx.proto`` of the ONNX project; the wire format of Protocol Buffers.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAPH = 7  # of ModelProto
_INITIALIZER = 5  # of GraphProto
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of TensorProto
#: The kinds of numbers that are read: 32-bit floats and signed bytes.
_KINDS = {1: "<f4", 3: "i1"}


def tensors(file: Path) -> "dict[str, NDArray[Any]]":
    """Return the tensors of an ONNX file by name; they cannot be written to.

    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is no such file.
    """
    import numpy

    with file.open("rb") as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    found = {}
    try:
        for start, end in _parts(data, 0, len(data), _GRAPH):
            for first, last in _parts(data, start, end, _INITIALIZER):
                name, kind, shape, place, size = _tensor(data, first, last)
                if kind in _KINDS:
                    flat = numpy.frombuffer(data, "u1", size, place)
                    found[name] = flat.view(_KINDS[kind]).reshape(shape)
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is no ONNX file") from error
    return found


def _tensor(data: mmap.mmap, start: int, end: int) -> tuple[str, int, list[int], int, int]:
    name, kind, shape, place, size = "", 0, [], 0, 0
    for field, value, until in _fields(data, start, end):
        if field == _DIMS and until is None:
            shape.append(value)
        elif field == _TYPE:
            kind = value
        elif field == _NAME and until is not None:
            name = data[value:until].decode()
        elif field == _RAW and until is not None:
            place, size = value, until - value
    return name, kind, shape, place, size


def _parts(data: mmap.mmap, start: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    for field, value, until in _fields(data, start, end):
        if field == wanted and until is not None:
            yield value, until


def _fields(data: mmap.mmap, place: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield (field, value, None) of numbers, (field, start, end) of whatever has bytes."""
    while place < end:
        key, place = _number(data, place)
        field, wire = key >> 3, key & 7
        if wire == 0:
            value, place = _number(data, place)
            yield field, value, None
            continue
        if wire == 2:
            size, place = _number(data, place)
        else:
            size = {1: 8, 5: 4}.get(wire, end)
        if place + size > end:
            raise ValueError("a part of an ONNX file goes beyond its end")
        yield field, place, place + size
        place += size


def _number(data: mmap.mmap, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
