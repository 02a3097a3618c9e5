"""The built-in mappings, one TOML file for each kind of export file."""
