"""The command bar without its window: what is typed, what it may mean, and what Enter would do."""
