"""One operator's desk: the link to the hub and the board it fills. Qt only in desk.py."""
