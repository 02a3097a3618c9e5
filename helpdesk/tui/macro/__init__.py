"""The screens to run macros and to choose canned replies."""
