"""Words on widgets that follow the language while the console runs, without keeping a widget alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from console.language import Catalogue


def follow(catalogue: Catalogue, retext: Callable[[], None]) -> Callable[[], None]:
    """Call the bound method `retext` now and after each switch of language, for as long as its owner lives.

    Returns the call that ends it. The owner is held weakly: the catalogue never keeps a widget alive.
    """
    method = weakref.WeakMethod(retext)
    owner = retext.__self__

    def changed() -> None:
        call = method()
        if call is None or (isinstance(call.__self__, QObject) and not isValid(call.__self__)):
            forget()
        else:
            call()

    forget = catalogue.on_change(changed)
    weakref.finalize(owner, forget).atexit = False
    retext()
    return forget


class Texts:
    """The words of one widget's parts: says each now, and again in the new language after a switch.

    `texts.put(label, "queue.title")` sets the label's text; other properties by name:
    `texts.put(field, accessibleName="review.person.name", placeholderText="review.person.hint")`.
    Make one per widget and keep it as an attribute; it holds the parts weakly. UI thread only.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._said: dict[tuple[int, str], tuple[weakref.ref[QObject], str, dict[str, Any]]] = {}
        follow(catalogue, self.say_again)

    def put(
        self, part: QObject, text: str = "", /, fields: dict[str, Any] | None = None, **keys: str
    ) -> None:
        """Set `part`'s text (and other properties, by keyword) to the words of these keys.

        A part without an accessible name of its own takes its text for one.
        """
        if text:
            keys = {"text": text, **keys}
            keys.setdefault("accessibleName", text)
        for name, key in keys.items():
            if name == "accessibleName" and part.metaObject().indexOfProperty(name) < 0:
                continue  # an action has none; its text is read
            self._said[id(part), name] = (weakref.ref(part), key, fields or {})
            part.setProperty(name, self.catalogue.say(key, **(fields or {})))

    def say_again(self) -> None:
        """Say everything in the present language."""
        for place, (part_ref, key, fields) in tuple(self._said.items()):
            part = part_ref()
            if part is None or not isValid(part):
                del self._said[place]
            else:
                part.setProperty(place[1], self.catalogue.say(key, **fields))
