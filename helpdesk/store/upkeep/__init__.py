"""Looking after a desk's database as a whole: backups, checks, moving to another engine."""
