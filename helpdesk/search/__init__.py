"""Search for repeat issues: one ranking over articles and past tickets.

``searcher`` runs a search.  It uses ``query`` (parses the text), ``terms`` (expands each word with
corrections from ``vocabulary`` and with ``synonyms``), ``ranking`` (orders the candidates with the
weights of ``scoring``), ``vectors`` (compares meanings) and ``snippets`` (explains each hit).
``embeddings`` turns texts into vectors with a small language model (``sentence_encoder``,
``tokenizer``, ``onnx_file``).  ``indexing`` and ``index_filler`` keep the index up to date; the
index itself is ``helpdesk.store.search.index``.
"""
