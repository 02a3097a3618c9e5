"""Reading tickets from the export files of other programs, as a mapping file describes them."""
