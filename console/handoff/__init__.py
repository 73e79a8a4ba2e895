"""Giving an incident to 112 or 119: the message, its rules, the state machine, and the courier that
carries it."""
