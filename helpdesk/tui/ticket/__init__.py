"""One ticket on screen: timeline left, clocks and facts right."""
