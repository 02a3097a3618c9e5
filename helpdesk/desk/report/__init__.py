"""Reports for leads and customers."""
