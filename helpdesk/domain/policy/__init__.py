"""A desk's own rules as value objects: levels, SSH access, knowledge base."""
