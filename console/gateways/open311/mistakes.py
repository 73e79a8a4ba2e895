"""What cannot be answered: the standard's code, the field it is about, and words in both languages."""

from __future__ import annotations

from console.language import Catalogue
from console.model.base import Words

CAUSES = {
    "missing": "missing", "unknown_service": "unknown_word", "unknown_jurisdiction": "unknown_word",
    "no_key": "not_permitted", "wrong_key": "not_permitted", "too_many": "too_many", "too_large": "too_large",
    "not_utf8": "invalid", "outside": "elsewhere", "away": "hub_refused", "not_ready": "hub_refused",
    "broken": "other",
}  # fmt: skip
"""How a mistake is counted among a gateway's refusals; all others are "invalid"."""


class GeoError(Exception):
    """An answer with an error body. `code` is the HTTP status, `key` names the words (open311.error.KEY)."""

    def __init__(self, code: int, key: str, field: str = "", wait_s: float = 0.0, **fields: object) -> None:
        super().__init__(f"{code} {key} {field}".strip())
        self.code, self.key, self.field, self.wait_s = code, key, field, wait_s
        self._fields = {name: str(value) for name, value in fields.items()}

    def words(self, catalogue: Catalogue) -> Words:
        """The description, beginning with the field."""
        said = catalogue.both(f"open311.error.{self.key}", **self._fields)
        if not self.field:
            return Words(en=said.en, ko=said.ko)
        return Words(en=f"{self.field}: {said.en}", ko=f"{self.field}: {said.ko}")

    @property
    def cause(self) -> str:
        """How it is counted."""
        return CAUSES.get(self.key, "invalid")
