"""Bongsu without a screen: the model, the rules, the bus, the ledger and every process of the console.

Nothing in this package imports Qt, except ``console.desk.desk`` and ``console.agency.window``, which build
the two programs that have a window.
"""

__version__ = "0.1.0"
