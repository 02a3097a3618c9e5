"""A small transformer that turns a question or a title into a vector of its meaning.

The model is all-MiniLM-L6-v2: BERT with six layers, twelve heads and 384 dimensions, trained on a
billion pairs of sentences that belong together.  The weights are stored as signed bytes and mapped
into memory, so that all processes of a host share them.  Each matrix is converted to 32-bit floats
just before it is used, which is faster than reading four times as many bytes from memory.

Source: sentence-transformers/all-MiniLM-L6-v2 (Apache License 2.0); W. Wang et al., "MiniLM", 2020;
J. Devlin et al., "BERT", 2019.
"""

import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk.search.onnx_file import tensors
from helpdesk.search.tokenizer import WordPieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

DIMENSIONS = 384
_LAYERS, _HEADS, _WIDE = 6, 12, 1536
_TINY = 1e-12


class SentenceEncoder:
    """The loaded model; threads take turns."""

    def __init__(self, file: Path) -> None:
        """Map the model's file into memory.

        :raises OSError: if the file cannot be read.
        :raises ValueError: if the file contains another model.
        """
        import numpy

        self._numpy = numpy
        self._pieces = WordPieces()
        self._weights = tensors(file)
        self._matrices = self._matrices_by_layer()
        self._buffer = numpy.empty(DIMENSIONS * _WIDE, numpy.float32)
        self._lock = threading.Lock()

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the pieces of words of which each text consists."""
        return [self._pieces.numbers(text) for text in texts]

    def vectors(self, numbers: Sequence[Sequence[int]]) -> "Numbers":
        """Return a row for each text, given by its :meth:`pieces`: its vector, of length 1."""
        numpy = self._numpy
        if not numbers:
            empty: Numbers = numpy.empty((0, DIMENSIONS), numpy.float32)
            return empty
        starts = numpy.cumsum([0, *map(len, numbers)])
        positions = numpy.concatenate([numpy.arange(len(each)) for each in numbers])
        with self._lock:
            state = self._embed(numpy.concatenate(numbers), positions)
            for layer in range(_LAYERS):
                state = self._layer(layer, state, starts.tolist())
        means = numpy.add.reduceat(state, starts[:-1], axis=0)
        found: Numbers = means / numpy.linalg.norm(means, axis=1, keepdims=True)
        return found

    def _matrices_by_layer(self) -> "list[tuple[NDArray[Any], NDArray[Any]]]":
        """Return the matrices with their scales: query, key, value, output, up, down; by layer.

        The names in the file say nothing, but its order is that of the layers.
        """
        named = [name for name in self._weights if name.startswith("val_") and name.endswith("_q")]
        found = [
            (self._weights[name], self._weights[f"{name.removesuffix('_q')}_scale"])
            for name in named
        ]
        square, up, down = (DIMENSIONS,) * 2, (DIMENSIONS, _WIDE), (_WIDE, DIMENSIONS)
        expected = [square, square, square, square, up, down] * _LAYERS
        if [matrix.shape for matrix, _ in found] != expected:
            raise ValueError("the file contains another model than expected")
        return found

    def _embed(self, numbers: Any, positions: Any) -> "Numbers":
        def rows(name: str, chosen: Any) -> Any:
            name = f"inner.embeddings.{name}_embeddings.weight"
            return self._weights[f"{name}_q"][chosen] * self._weights[f"{name}_scale"][chosen]

        token_type = self._weights["inner.embeddings.token_type_embeddings.weight"][0]
        return self._layer_norm(
            rows("word", numbers) + rows("position", positions) + token_type, "embeddings"
        )

    def _layer(self, layer: int, state: "Numbers", starts: Sequence[int]) -> "Numbers":
        name = f"encoder.layer.{layer}"
        query, key, value = (
            self._times(state, 6 * layer + place, f"{name}.attention.self.{part}")
            for place, part in enumerate(("query", "key", "value"))
        )
        attended = self._numpy.empty_like(state)
        for start, end in pairwise(starts):
            attended[start:end] = self._attention(
                query[start:end], key[start:end], value[start:end]
            )
        output = self._times(attended, 6 * layer + 3, f"{name}.attention.output.dense")
        state = self._layer_norm(output + state, f"{name}.attention.output")
        wide = self._gelu(self._times(state, 6 * layer + 4, f"{name}.intermediate.dense"))
        return self._layer_norm(
            self._times(wide, 6 * layer + 5, f"{name}.output.dense") + state, f"{name}.output"
        )

    def _attention(self, query: "Numbers", key: "Numbers", value: "Numbers") -> "Numbers":
        numpy = self._numpy
        size = DIMENSIONS // _HEADS
        query, key, value = (
            part.reshape(-1, _HEADS, size).swapaxes(0, 1) for part in (query, key, value)
        )
        weights: Numbers = query @ key.swapaxes(1, 2)
        weights *= size**-0.5
        weights -= weights.max(axis=2, keepdims=True)
        numpy.exp(weights, out=weights)
        weights /= weights.sum(axis=2, keepdims=True)
        found: Numbers = (weights @ value).swapaxes(0, 1).reshape(-1, DIMENSIONS)
        return found

    def _times(self, state: "Numbers", place: int, bias: str) -> "Numbers":
        """Return ``state @ matrix * scale + bias``."""
        matrix, scale = self._matrices[place]
        wide = self._buffer[: matrix.size].reshape(matrix.shape)
        self._numpy.copyto(wide, matrix)
        product: Numbers = state @ wide
        product *= scale
        product += self._weights[f"inner.{bias}.bias"]
        return product

    def _layer_norm(self, state: "Numbers", name: str) -> "Numbers":
        """Return the rows with mean 0 and variance 1, scaled and shifted by learned weights."""
        state = state - state.mean(axis=1, keepdims=True)
        variance: Numbers = self._numpy.einsum("ij,ij->i", state, state)[:, None] / DIMENSIONS
        state *= self._weights[f"inner.{name}.LayerNorm.weight"] / self._numpy.sqrt(
            variance + _TINY
        )
        state += self._weights[f"inner.{name}.LayerNorm.bias"]
        return state

    def _gelu(self, wide: "Numbers") -> "Numbers":
        """Return GELU, x·Φ(x), by the approximation x / (1 + exp(-1.5958·(x + 0.0447·x³)))."""
        numpy = self._numpy
        slope = wide * wide
        slope *= 0.044715
        slope += 1
        slope *= wide
        slope *= -1.5957691216
        with numpy.errstate(over="ignore"):  # exp overflows to infinity, and x / inf is 0
            numpy.exp(slope, out=slope)
        slope += 1
        wide /= slope
        return wide
