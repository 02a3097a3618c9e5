"""The rules of a desk as values: levels, SSH, knowledge base."""
