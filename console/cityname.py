"""What a person may write for a city on the command line: a name of seeds/cities, or a file's path."""

from __future__ import annotations

from pathlib import Path


def city_named(text: str) -> str | Path:
    """A path where the text looks like one (it has a slash or ends in .toml), else the name itself."""
    return Path(text) if "/" in text or text.endswith(".toml") else text
