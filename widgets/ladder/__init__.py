"""Hand-offs at the desk: the ladder of each partner, the draft, the phone card, what has to be looked at."""
