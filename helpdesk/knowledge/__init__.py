"""The knowledge base: plain markdown files in a folder, read as articles and SOPs.

``front_matter`` reads a file's head, ``article`` the whole of it, ``folder`` finds files and never
leaves its root, ``check`` names every mistake, ``template`` begins a new file, ``watcher`` sees an
edit at once.
"""
