"""Texts with marks: a city says in its data how its streets, junctions and addresses are put."""

from __future__ import annotations

from console.model.base import Words


def filled(pattern: Words, **marks: Words | str) -> Words:
    """`pattern` with every {mark} replaced, in each language by the mark's words of that language."""
    en, ko = pattern.en, pattern.ko
    for mark, said in marks.items():
        en = en.replace(f"{{{mark}}}", said if isinstance(said, str) else said.en)
        ko = ko.replace(f"{{{mark}}}", said if isinstance(said, str) else said.ko)
    return Words(en=en, ko=ko)
