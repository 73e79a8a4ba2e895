"""The command bar: one line for everything, by keyboard alone."""
