"""The panel of procedures and the supervisor's line."""
