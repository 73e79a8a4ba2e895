"""The hand-off as threads, one for each partner. Pure: time is given, nothing is sent from here."""
