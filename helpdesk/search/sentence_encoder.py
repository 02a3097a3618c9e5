"""A small transformer that turns a question or a title into a vector of its meaning.

It is all-MiniLM-L6-v2: six layers of BERT's kind, twelve heads, 384 numbers, trained on a billion
pairs of sentences that belong together.  The weights stay on disk as signed bytes, mapped into
memory and so shared by all processes of a host; each matrix is widened to 32-bit floats just
before it is used, which is quicker than reading four times as many bytes from memory.

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
    """The model, ready to be asked; threads take turns."""

    def __init__(self, file: Path) -> None:
        """Map the model's file.

        :raises ValueError: if the file holds another model than expected.
        """
        import numpy

        self._numpy = numpy
        self._pieces = WordPieces()
        self._weights = tensors(file)
        self._matrices = self._in_order()
        self._room = numpy.empty(DIMENSIONS * _WIDE, numpy.float32)
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> "Numbers":
        """Return a row of length one for each text."""
        numpy = self._numpy
        if not texts:
            nothing: Numbers = numpy.empty((0, DIMENSIONS), numpy.float32)
            return nothing
        numbers = [self._pieces.numbers(text) for text in texts]
        starts = numpy.cumsum([0, *map(len, numbers)])
        places = numpy.concatenate([numpy.arange(len(some)) for some in numbers])
        with self._lock:
            state = self._embedded(numpy.concatenate(numbers), places)
            for layer in range(_LAYERS):
                state = self._layer(layer, state, starts.tolist())
        means = numpy.add.reduceat(state, starts[:-1], axis=0)
        found: Numbers = means / numpy.linalg.norm(means, axis=1, keepdims=True)
        return found

    def _in_order(self) -> "list[tuple[NDArray[Any], NDArray[Any]]]":
        """Return the matrices with their scales: query, key, value, output, up, down; by layer.

        The file gives them no telling names, but keeps their order.
        """
        named = [name for name in self._weights if name.startswith("val_") and name.endswith("_q")]
        found = [
            (self._weights[name], self._weights[f"{name.removesuffix('_q')}_scale"])
            for name in named
        ]
        square, up, down = (DIMENSIONS,) * 2, (DIMENSIONS, _WIDE), (_WIDE, DIMENSIONS)
        expected = [square, square, square, square, up, down] * _LAYERS
        if [matrix.shape for matrix, _ in found] != expected:
            raise ValueError("the file holds another model than expected")
        return found

    def _embedded(self, numbers: Any, places: Any) -> "Numbers":
        def rows(name: str, chosen: Any) -> Any:
            name = f"inner.embeddings.{name}_embeddings.weight"
            return self._weights[f"{name}_q"][chosen] * self._weights[f"{name}_scale"][chosen]

        kind = self._weights["inner.embeddings.token_type_embeddings.weight"][0]
        return self._normed(rows("word", numbers) + rows("position", places) + kind, "embeddings")

    def _layer(self, layer: int, state: "Numbers", starts: Sequence[int]) -> "Numbers":
        name = f"encoder.layer.{layer}"
        query, key, value = (
            self._times(state, 6 * layer + place, f"{name}.attention.self.{part}")
            for place, part in enumerate(("query", "key", "value"))
        )
        seen = self._numpy.empty_like(state)
        for start, end in pairwise(starts):
            seen[start:end] = self._attention(query[start:end], key[start:end], value[start:end])
        output = self._times(seen, 6 * layer + 3, f"{name}.attention.output.dense")
        state = self._normed(output + state, f"{name}.attention.output")
        wide = self._gelu(self._times(state, 6 * layer + 4, f"{name}.intermediate.dense"))
        return self._normed(
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
        matrix, scale = self._matrices[place]
        wide = self._room[: matrix.size].reshape(matrix.shape)
        self._numpy.copyto(wide, matrix)
        product: Numbers = state @ wide
        product *= scale
        product += self._weights[f"inner.{bias}.bias"]
        return product

    def _normed(self, state: "Numbers", name: str) -> "Numbers":
        """Return the rows with mean 0 and variance 1, then scaled and moved as was learned."""
        state = state - state.mean(axis=1, keepdims=True)
        variance: Numbers = self._numpy.einsum("ij,ij->i", state, state)[:, None] / DIMENSIONS
        state *= self._weights[f"inner.{name}.LayerNorm.weight"] / self._numpy.sqrt(
            variance + _TINY
        )
        state += self._weights[f"inner.{name}.LayerNorm.bias"]
        return state

    def _gelu(self, wide: "Numbers") -> "Numbers":
        """Return x·Φ(x) by its usual approximation, x / (1 + exp(-1.5958·(x + 0.0447·x³)))."""
        numpy = self._numpy
        slope = wide * wide
        slope *= 0.044715
        slope += 1
        slope *= wide
        slope *= -1.5957691216
        with numpy.errstate(over="ignore"):  # far below zero it is infinite, and x / inf is 0
            numpy.exp(slope, out=slope)
        slope += 1
        wide /= slope
        return wide
