"""The knowledge base on screen: the articles left, the chosen one rendered right."""
