"""The operator's alarms: the list by state, what can be done, guidance, load, sound."""
