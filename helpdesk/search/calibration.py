"""The numbers of the ranking, and where they come from.

They were fitted on the questions of StackFAQ (Karan and Šnajder, 2018) with real rewordings as
queries, clean and with a fifth of the words misspelt, among 2,461 articles of an office suite's
support pages as distractors.  Questions whose number modulo 4 is 0 or 1 were fitted on, the others
judged: by words alone the right article is first in 77 % (misspelt: 75 %) and among the first five
in 93 % (92 %); with meaning in 86 % (84 %) and 97 % (97 %).

The score is a logistic model of "the first hit is the right one", fitted on queries of which half
had their right article taken away; of the marks given at :data:`REPEAT_AT` 92 % (94 %) were right,
with meaning 97 % (97 %).
``tests/bench/bench_search.py`` measures both anew.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a document fits a query; every figure runs from 0 to 1.

    :ivar bm25: its BM25 value as a share of the best candidate's.
    :ivar asked_in_title: the share of the query's weight whose words stand in the title.
    :ivar title_in_asked: the share of the title's weight whose words stand in the query.
    :ivar same_words: RapidFuzz's token set ratio of query and title.
    :ivar same_text: RapidFuzz's token sort ratio of query and title.
    :ivar meaning: the dot product of their vectors; None where there are none.
    """

    bm25: float
    asked_in_title: float
    title_in_asked: float
    same_words: float
    same_text: float
    meaning: float | None = None

    def points(self) -> float:
        """Return the figure that candidates are ordered by."""
        if self.meaning is not None:
            # With meaning at hand the other likenesses of titles add nothing on questions that
            # were not fitted on.
            return 2.88 * self.bm25 + 6.32 * self.same_words + 21.03 * self.meaning
        return (
            9.03 * self.bm25
            + 2.76 * self.asked_in_title
            + 3.57 * self.title_in_asked
            + 8.35 * self.same_words
            + 4.96 * self.same_text
        )


#: What a document gains that holds every code of the query (error codes, versions, paths): more
#: than any likeness of words can make up for.  Not fitted: the questions name hardly any.
CODES_BONUS = 8.0
#: From this score on a hit is shown as "probably a repeat".
REPEAT_AT = 0.8
_GAP_CAP = 4.0


@dataclass(frozen=True, slots=True)
class Chances:
    """A logistic model of "this hit answers the query"."""

    constant: float
    points: float
    gap: float

    def score(self, points: float, gap: float) -> float:
        """Return the probability that a hit answers the query.

        :param gap: its lead over the next hit, or, negative, its distance from the first.
        """
        capped = max(-_GAP_CAP, min(_GAP_CAP, gap))
        return 1 / (1 + math.exp(self.constant - self.points * points - self.gap * capped))


BY_WORDS = Chances(11.54, 0.5, 0.61)
BY_MEANING = Chances(7.30, 0.2687, 0.8076)
