"""The numbers of the ranking, and where they come from.

They were fitted on 63 questions of StackFAQ (Karan and Šnajder, 2018) with 630 real rewordings as
queries, clean and with a fifth of the words misspelt, among 2,459 articles of an office suite's
support pages and 62 more questions as distractors.  First the order (softmax over the candidates of
a query), then the probability (a logistic model of "the first hit is the right one", on queries of
which half had their right article taken away).  Fitted on four fifths of the questions and judged
on the last, each fifth in turn, the right article is first in 78 % of the queries by words alone
(misspelt: 75 %) and among the first five in 94 % (93 %); with meaning in 94 % (94 %) and 99 %
(99 %).  Of the marks given at :data:`REPEAT_AT` 95 % (92 %) are right, with meaning 95 % (95 %).
The language model has seen pairs of questions from Stack Exchange when it was trained, so figures
on other texts are a little lower.  ``tests/bench/bench_search.py`` measures all of them anew.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a document fits a query; every figure runs from 0 to 1, if not said otherwise.

    :ivar bm25: its BM25 value as a share of the best candidate's.
    :ivar same_words: RapidFuzz's token set ratio of query and title.
    :ivar same_text: RapidFuzz's token sort ratio of query and title.
    :ivar title_in_asked: the share of the title's weight whose words stand in the query.
    :ivar told: how much the words that stand in both tell, as a number of words that no other
        document holds; 0 or more.
    :ivar meaning: the dot product of their vectors; None where there are none.
    """

    bm25: float
    same_words: float
    same_text: float = 0.0
    title_in_asked: float = 0.0
    told: float = 0.0
    meaning: float | None = None

    def evidence(self) -> float:
        """Return the log odds that the document answers the query, as far as can be told from it
        alone."""
        if self.meaning is not None:
            # With meaning at hand the other likenesses of titles add nothing on questions that
            # were not fitted on.
            return 1.40 * self.bm25 + 1.38 * self.same_words + 9.48 * self.meaning - 9.71
        return (
            3.76 * self.bm25
            + 5.13 * self.same_words
            + 2.77 * self.same_text
            + 0.76 * self.title_in_asked
            + 0.89 * math.log1p(self.told)
            - 11.53
        )


#: What a document gains that holds every code of the query (error codes, versions, paths): more
#: than any likeness of words can make up for.  Not fitted, as what follows: the questions name
#: hardly any.
CODES_BONUS = 4.0
#: What is gained by being about the service that the ticket is about, and by having answered past
#: tickets like this one.
SERVICE_BONUS, ANSWERED_BONUS = 0.3, 1.0
#: From this score on a hit is shown as "probably a repeat".
REPEAT_AT = 0.75
#: From this score on a ticket that is like one of a solved problem counts as the problem's return.
RETURN_AT = 0.5
#: From this score on a hit is used without the agent having chosen it.
LIKELY_AT = 0.3
#: From this score on a hit is worth a line where there is little room.
WORTH_SHOWING_AT = 0.05
#: Below this score a hit is so unlike the query that it only distracts.
DISTRACTING_BELOW = 0.01
#: How much the lead over the next hit counts, and the most of it that does.
_GAP, _GAP_CAP = 1.7, 1.4


def chance(evidence: float, gap: float) -> float:
    """Return the probability that a hit answers the query.

    :param gap: its lead over the next hit, or, negative, its distance from the first.
    """
    capped = max(-_GAP_CAP, min(_GAP_CAP, gap))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, evidence + _GAP * capped))))
