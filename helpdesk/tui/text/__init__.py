"""Words and numbers as the screens show them."""
