"""The knowledge base: Markdown files in a folder, read as articles and SOPs.

``front_matter`` parses the head of a file and ``article`` all of it; ``folder`` finds the files and
reads nothing outside; ``check`` (with ``links`` and ``finding``) reports mistakes; ``synonyms``
reads the file of synonyms; ``template`` and ``writing`` create and save articles, ``git`` commits
them; ``watcher`` notices edits.
"""
