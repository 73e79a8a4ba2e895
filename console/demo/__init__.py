"""The demonstration: every process on one machine, on a city of recorded feeds."""
