"""How agents come in over SSH: their public keys, and the line of sshd's that lets each in."""
