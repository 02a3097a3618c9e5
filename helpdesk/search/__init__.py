"""Finding the repeat issue: one ranking over articles and past tickets.

``words`` cuts text into terms, ``query`` reads what a person typed, ``correction`` mends unknown
words, ``ranking`` orders the candidates, ``refresh`` keeps the index true, ``searcher`` puts them
together.  The index itself is ``helpdesk.store.search_index``.
"""
