"""Official warnings: CAP messages from folders, Atom, RSS and plain HTTP(S), read and told to the hub."""
