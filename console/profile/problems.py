"""What is wrong with a profile: every problem with file, table and key, so that a person can mend it."""

from __future__ import annotations

from console.model.base import Record


class Problem(Record, frozen=True, kw_only=True):
    """One thing a profile's file says that cannot be used."""

    file: str
    table: str
    key: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.file}: [{self.table or 'file'}]" + (f" {self.key}" if self.key else "")
        return f"{where}: expected {self.expected}, found {self.found}"


class ProfileError(Exception):
    """The profile cannot be used. `problems` has all that were found (at least one), file by file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects what is wrong while a profile is read. Not thread-safe; one per load."""

    MOST = 200
    """After this many the rest is left out: a person mends the first ones and looks again."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, file: str, table: str, key: str, expected: str, value: object) -> None:
        """Note that `value` stands where `expected` should. It is shown shortened and harmless."""
        self.say(file, table, key, expected, shorten(value))

    def say(self, file: str, table: str, key: str, expected: str, found: str) -> None:
        """Note a problem where what was found is best said in words of ours ("nothing")."""
        if len(self.found) < self.MOST:
            self.found.append(
                Problem(
                    file=_harmless(file),
                    table=_harmless(table),
                    key=_harmless(key),
                    expected=_harmless(expected),
                    found=_harmless(found),
                )
            )

    def raise_any(self) -> None:
        """Raises ProfileError when anything was noted."""
        if self.found:
            raise ProfileError(self.found)


def _harmless(text: str) -> str:
    """`text` without signs that would move a terminal's cursor; names from a file may hold anything."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def shorten(value: object) -> str:
    """`value` as a person may see it in a message: at most 60 signs, none that moves the cursor."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
