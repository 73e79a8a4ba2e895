"""The procedure of the chosen incident, and what supervisors are told of procedures."""
