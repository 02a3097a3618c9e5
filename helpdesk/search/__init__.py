"""Finding the repeat issue: one ranking over articles and past tickets.

``query`` reads what a person typed, ``terms`` says what each word may stand for (``vocabulary``
mends unknown ones, ``synonyms`` knows others), ``ranking`` orders the candidates by the numbers of
``calibration``, ``likeness`` compares what they mean, ``wording`` explains, ``searcher`` puts them
together.  What texts mean comes from ``meaning``: a small language model (``sentence_encoder``,
with ``wordpieces`` and ``onnx_file``).  ``refresh`` keeps the index true; the index itself is
``helpdesk.store.search.index``.
"""
