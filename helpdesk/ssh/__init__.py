"""SSH access of agents: public keys, sshd's file of authorized keys, and its configuration."""
