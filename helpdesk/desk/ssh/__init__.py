"""SSH keys, connections and the launch of sessions."""
