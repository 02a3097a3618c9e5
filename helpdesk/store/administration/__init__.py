"""Back up, restore, copy, check and measure a database."""
