"""The record of all decisions: SQLite, one writer, a hash chain. The only place of the hub with SQL."""

from console.ledger.backup import backup_ledger
from console.ledger.chain import Head
from console.ledger.check import Finding, check_ledger
from console.ledger.ledger import Ledger
from console.ledger.problems import LedgerMisuse, LedgerUnavailable
from console.ledger.reader import LedgerReader
from console.ledger.writer import Batch, LedgerWriter, Outcome

__all__ = [
    "Batch", "Finding", "Head", "Ledger", "LedgerMisuse", "LedgerReader", "LedgerUnavailable", "LedgerWriter",
    "Outcome", "backup_ledger", "check_ledger",
]  # fmt: skip
