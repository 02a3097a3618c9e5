"""The weights and thresholds of the ranking, and how they were fitted.

Data: 63 questions of StackFAQ (Karan and Šnajder, 2018) with 630 real rewordings as queries, as
they are and with a fifth of the words misspelt, among 2,459 articles of an office suite's support
pages and 62 other questions as distractors.  The order was fitted first (softmax over the
candidates of a query), then the probability (a logistic model of "the first hit is the right one",
on queries for half of which the right article had been removed).

Results of a five-fold cross-validation over the questions, in brackets for misspelt queries: by
words alone the right article comes first in 78 % (75 %) of the queries and among the first five in
94 % (93 %); with vectors in 94 % (94 %) and 99 % (99 %).  Of the hits marked at :data:`REPEAT_AT`,
95 % (92 %) are right, with vectors 95 % (95 %).  The language model was trained on pairs of
questions from Stack Exchange, so results on other texts are a little lower.
``tests/bench/bench_search.py`` measures all of them again.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchFeatures:
    """How well a document matches a query; all features are from 0 to 1 unless stated otherwise.

    :ivar bm25: its BM25 value as a share of the best candidate's.
    :ivar same_words: RapidFuzz's token set ratio of query and title.
    :ivar same_text: RapidFuzz's token sort ratio of query and title.
    :ivar title_coverage: the share of the title's weight that the words of the query cover.
    :ivar shared_weight: the weight of the words that query and title share, in units of the
        weight of a word that only one document contains; 0 or more.
    :ivar similarity: the dot product of their vectors, -1 to 1; None without vectors.
    """

    bm25: float
    same_words: float
    same_text: float = 0.0
    title_coverage: float = 0.0
    shared_weight: float = 0.0
    similarity: float | None = None

    def evidence(self) -> float:
        """Return the log odds that the document answers the query, regardless of other hits."""
        if self.similarity is not None:
            # If the similarity is known, the other features of the title do not improve the
            # results on questions that were not fitted on.
            return 1.40 * self.bm25 + 1.38 * self.same_words + 9.48 * self.similarity - 9.71
        return (
            3.76 * self.bm25
            + 5.13 * self.same_words
            + 2.77 * self.same_text
            + 0.76 * self.title_coverage
            + 0.89 * math.log1p(self.shared_weight)
            - 11.53
        )


#: The bonus of a document that contains every code of the query (error codes, versions, paths), in
#: log odds: more than any similarity of words.  This and the following bonuses are not fitted,
#: because the questions contain hardly any codes.
CODES_BONUS = 4.0
#: What a document about the ticket's service may score less and still come first.  The score itself
#: does not depend on the service, so that it is the same on every screen.
SERVICE_BONUS = 0.06
#: The bonus, in log odds, of an article that answered similar past tickets.
ANSWERED_BONUS = 1.0
#: The weight of the most similar sentence of an article's text in log odds, and its usual value,
#: by words and with vectors.
PASSAGE_BY_WORDS, PASSAGE_BY_MEANING = (2.0, 0.4), (4.0, 0.4)
#: The same for choosing the first article by meaning, where it counts the less the more similar the
#: title is: the weight of a sentence of an article whose title has nothing in common.
FIRST_BY_MEANING = (6.0, 0.4)
#: The bonus of a document that contains every word of the query, and of one that contains a word as
#: it was typed, where others contain its correction only; in log odds.
ALL_WORDS_BONUS, EXACT_BONUS = 0.6, 2.0
#: The bonus for every word, for choosing the first article by meaning.
ALL_WORDS_BONUS_OF_FIRST = 0.15
#: The bonus of a ticket with the very subject that was typed, in log odds.
SAME_SUBJECT_BONUS = 1.0
#: What an agent's "does not fit" takes from a hit of such a query, in log odds.
UNFIT_PENALTY = 4.0
#: The most that a hit can have which shares too little meaning with the query to be marked.
MOST_UNMARKED = 0.7
#: From this score on, a hit is shown as "probably a repeat".
REPEAT_AT = 0.75
#: From this score on, a ticket similar to one of a solved problem counts as its recurrence.
RECURRENCE_AT = 0.5
#: From this score on, a hit is used although the agent has not chosen it.
LIKELY_AT = 0.3
#: From this score on, a hit is listed where there is little room.
WORTH_SHOWING_AT = 0.15
#: Below this score, a hit is so different from the query that it only distracts.
DISTRACTING_BELOW = 0.15
#: The weight of the lead over the next hit, and the largest lead that counts, in log odds.
_GAP, _GAP_CAP = 1.7, 1.4


def is_worth_showing(score: float) -> bool:
    """Whether a hit of this score is good enough to be listed."""
    return score >= WORTH_SHOWING_AT


def probability(evidence: float, gap: float) -> float:
    """Return the probability that a hit answers the query.

    :param evidence: the log odds of the hit.
    :param gap: its lead over the next hit, or as a negative number its distance from the first,
        in log odds.
    """
    capped = max(-_GAP_CAP, min(_GAP_CAP, gap))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, evidence + _GAP * capped))))
