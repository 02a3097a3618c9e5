"""What a policy file does to a desk: read it, preview it, bring it into force, show it."""
