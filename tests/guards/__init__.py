"""What must be true of every test: nothing logged, started or shown is left unexplained.

Each module is a pytest plugin with one idea; ``PLUGINS`` names them all.  None imports Qt by itself.
"""

# Those the others import come first: pytest wants to see a plugin before anyone imports it.
PLUGINS = [
    "tests.guards.waiting",
    "tests.guards.verdict",
    "tests.guards.surroundings",
    "tests.guards.logs",
    "tests.guards.threads",
    "tests.guards.children",
    "tests.guards.sockets",
    "tests.guards.qt",
    "tests.guards.provided",
]
