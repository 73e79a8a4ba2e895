"""Pictures that leave the console: what is asked, how far it is, what came of it, and whether it is whole."""
