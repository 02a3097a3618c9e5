"""What an agent is told: notices, warnings and breaches."""
