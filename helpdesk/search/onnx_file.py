"""Reading the tensors of an ONNX file by mapping the file into memory.

An ONNX file is one Protocol Buffers message.  Only the initializers of the graph are parsed, to
find the position of each tensor's bytes in the file.  Processes that map the same file share its
memory.

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
#: The element types that are read: 32-bit floats and signed bytes.
_TYPES = {1: "<f4", 3: "i1"}


def tensors(file: Path) -> "dict[str, NDArray[Any]]":
    """Return the tensors of an ONNX file by name, as read-only arrays.

    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is not an ONNX file.
    """
    import numpy

    with file.open("rb") as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    found = {}
    try:
        for start, end in _parts(data, 0, len(data), _GRAPH):
            for first, last in _parts(data, start, end, _INITIALIZER):
                name, element, shape, offset, size = _tensor(data, first, last)
                if element in _TYPES:
                    flat = numpy.frombuffer(data, "u1", size, offset)
                    found[name] = flat.view(_TYPES[element]).reshape(shape)
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is not an ONNX file") from error
    return found


def _tensor(data: mmap.mmap, start: int, end: int) -> tuple[str, int, list[int], int, int]:
    """Return (name, element type, shape, offset in the file, size in bytes) of a tensor."""
    name, element, shape, offset, size = "", 0, [], 0, 0
    for field, value, until in _fields(data, start, end):
        if field == _DIMS and until is None:
            shape.append(value)
        elif field == _TYPE:
            element = value
        elif field == _NAME and until is not None:
            name = data[value:until].decode()
        elif field == _RAW and until is not None:
            offset, size = value, until - value
    return name, element, shape, offset, size


def _parts(data: mmap.mmap, start: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each field with this number that holds bytes."""
    for field, value, until in _fields(data, start, end):
        if field == wanted and until is not None:
            yield value, until


def _fields(data: mmap.mmap, offset: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield (field, value, None) for a number, (field, start, end) for a field of bytes."""
    while offset < end:
        key, offset = _number(data, offset)
        field, wire = key >> 3, key & 7
        if wire == 0:
            value, offset = _number(data, offset)
            yield field, value, None
            continue
        if wire == 2:
            size, offset = _number(data, offset)
        else:
            size = {1: 8, 5: 4}.get(wire, end)
        if offset + size > end:
            raise ValueError("a field of the ONNX file ends beyond the file")
        yield field, offset, offset + size
        offset += size


def _number(data: mmap.mmap, offset: int) -> tuple[int, int]:
    """Return a base 128 varint and the offset after it."""
    value = shift = 0
    while True:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7
