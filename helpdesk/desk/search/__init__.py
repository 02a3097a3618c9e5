"""Finding what answered the same before."""
