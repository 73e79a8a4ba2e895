"""The work on incidents: stages, verdicts, owners, what waits too long, the queue, what a rule is worth."""
