"""SSH access: keys, connections, the forced command and the host's own settings."""
