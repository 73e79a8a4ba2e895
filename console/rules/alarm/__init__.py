"""Alarms after ISA-18.2 / IEC 62682: what is abnormal, what a person has seen, what is hidden, how long."""
