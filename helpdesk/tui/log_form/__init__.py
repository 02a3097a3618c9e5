"""The form to log a query while the caller talks: fields left, suggestions right."""
