"""The knowledge base screens: browse, edit and begin articles, and see what is missing."""
