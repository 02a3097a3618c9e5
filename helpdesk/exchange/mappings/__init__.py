"""The mappings that come with the program, one for each kind of export file."""
