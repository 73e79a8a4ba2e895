"""Every act of the console by id: its words, its key, whether it can be done now, and who does it.

Widgets add their acts and trigger others' by id; they never call each other.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import isValid

from console.language import Catalogue
from console.model.base import Words
from widgets.kit.texts import follow


class ActionsError(Exception):
    """Two acts want the same id, or the same key in the same place; or an id is not known."""


@dataclass(frozen=True)
class ActHelp:
    """One line of the key overlay, in the present language."""

    id: str
    group: str
    text: str
    key: str
    enabled: bool


class Act(QAction):
    """One act. Its handler is held weakly when it is a method, so that an act never keeps a widget alive."""

    def __init__(self, act_id: str, text_key: str, group: str, parent: QObject) -> None:
        super().__init__(parent)
        self.act_id, self.text_key, self.group = act_id, text_key, group
        self.fields: dict[str, Words] = {}
        self.setObjectName(act_id)
        self._handler: Callable[[], Callable[[], object] | None] = lambda: None
        self.triggered.connect(self.run)

    def handled_by(self, handler: Callable[[], object]) -> None:
        """Let `handler` do it from now on."""
        if inspect.ismethod(handler):
            self._handler = weakref.WeakMethod(handler)
        else:
            self._handler = lambda: handler

    @Slot()
    def run(self) -> None:
        handler = self._handler()
        if handler is not None:
            handler()


class Actions(QObject):
    """The book of acts. UI thread only.

    An act added with `owner` works while that widget is visible in the active window, so two workspaces may
    use the same key; one added without works everywhere in the window given to `attach`. Where an act that is
    `only_focused` has the key of one with another owner, the one that has the keyboard is meant.

    Signals:
        changed: an act was added or enabled or re-worded.
    """

    changed = Signal()

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._acts: dict[str, Act] = {}
        self._keys: dict[tuple[str, int], str] = {}
        self._window: QWidget | None = None
        self._told: list[tuple[str, str, str]] = []
        self._nearer: dict[str, list[weakref.ref[QWidget]]] = {}
        """By key, the widgets in which an act of their own has it while they have the keyboard."""
        self._wide: dict[str, list[Act]] = {}
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        follow(catalogue, self._retext)

    def add(
        self, act_id: str, text: str, key: str = "", handler: Callable[[], object] | None = None, *,
        owner: QWidget | None = None, group: str = "", enabled: bool = True, checkable: bool = False,
        only_focused: bool = False, repeat: bool = False, listed: bool = True, fields: Mapping[str, Words] |
        None = None,
    ) -> Act:  # fmt: skip
        """Add an act. `text` is a catalogue key, `key` a portable key sequence ("A", "Ctrl+L", "F1").

        `group` is the catalogue key of its heading in the key overlay. `only_focused` limits the key to when
        `owner` or a child of it has the focus. `fields` fills the text with names that are data. One that
        is not `listed` stays out of the key overlay, where `tell_keys` speaks for several. Raises
        ActionsError for a double id or key, KeyError for an unknown text.
        """
        if act_id in self._acts:
            raise ActionsError(f"act {act_id}: already there")
        act = Act(act_id, text, group, self)
        act.fields = dict(fields or {})
        act.setProperty("listed", listed)
        self._text(act)
        if handler is not None:
            act.handled_by(handler)
        act.setCheckable(checkable)
        act.setEnabled(enabled)
        act.setAutoRepeat(repeat)
        if key:
            self._claim(act_id, key, owner)
            act.setShortcut(QKeySequence(key, QKeySequence.SequenceFormat.PortableText))
            contexts = Qt.ShortcutContext
            act.setShortcutContext(
                contexts.WidgetWithChildrenShortcut if only_focused else contexts.WindowShortcut
            )
            if only_focused and owner is not None:
                self._nearer.setdefault(key, []).append(weakref.ref(owner))
            elif owner is not None:
                self._wide.setdefault(key, []).append(act)
        self._acts[act_id] = act
        if owner is not None:
            owner.addAction(act)
        elif self._window is not None:
            self._window.addAction(act)
        act.setProperty("everywhere", owner is None)
        act.enabledChanged.connect(self.changed)
        self._say(act)
        self.changed.emit()
        return act

    def tell_keys(self, group: str, text: str, keys: str) -> None:
        """Name keys that a widget hears itself (arrows, digits), for the key overlay; all are catalogue keys
        or, for `keys`, what stands on the keyboard. Told once, however often it is asked.
        """
        if (group, text, keys) not in self._told:
            self._told.append((group, text, keys))

    def also_in(self, window: QWidget, prefix: str) -> None:
        """Let the acts whose id begins so work in another window too."""
        for act_id, act in self._acts.items():
            if act_id.startswith(prefix):
                window.addAction(act)

    def attach(self, window: QWidget) -> None:
        """Let the acts without an owner of their own work in `window`."""
        self._window = window
        for act in self._acts.values():
            if act.property("everywhere"):
                window.addAction(act)

    def handle(self, act_id: str, handler: Callable[[], object]) -> None:
        """Say who does it, for an act added before its widget was."""
        self.act(act_id).handled_by(handler)

    def act(self, act_id: str) -> Act:
        """The act of this id. Raises ActionsError when there is none."""
        try:
            return self._acts[act_id]
        except KeyError:
            raise ActionsError(f"act {act_id}: there is none") from None

    def has(self, act_id: str) -> bool:
        return act_id in self._acts

    def enable(self, act_id: str, enabled: bool = True) -> None:
        """Say whether it can be done now."""
        self.act(act_id).setEnabled(enabled)

    def trigger(self, act_id: str) -> None:
        """Do it, if it is enabled."""
        self.act(act_id).trigger()

    def button(self, act_id: str, parent: QWidget | None = None, role: str = "") -> ActButton:
        """A button for the act that shows its key and follows its words and its enabled state."""
        return ActButton(self.act(act_id), parent, role)

    def help(self) -> list[ActHelp]:
        """All acts with a key, for the key overlay, in the order they were added."""
        told = [
            ActHelp(
                id=text, group=self._catalogue.say(group), text=self._catalogue.say(text),
                key=self._catalogue.say(keys) if "." in keys else keys, enabled=True,
            )
            for group, text, keys in self._told
        ]  # fmt: skip
        return told + [
            ActHelp(
                id=act.act_id, group=self._catalogue.say(act.group) if act.group else "",
                text=self._text(act), key=key_text(act.shortcut()), enabled=act.isEnabled(),
            )
            for act in self._acts.values() if not act.shortcut().isEmpty() and act.property("listed")
        ]  # fmt: skip

    def listed(self) -> list[tuple[Act, Words, Words]]:
        """Every act that is listed, with its words and its group's in all languages, as they were added."""
        none = Words(en="", ko="")
        return [
            (act, self._both(act), self._catalogue.both(act.group) if act.group else none)
            for act in self._acts.values() if act.property("listed")
        ]  # fmt: skip

    def in_reach(self, act_id: str) -> bool:
        """Whether its key would be heard: it works everywhere, or a widget it belongs to is in sight."""
        act = self.act(act_id)
        if act.property("everywhere"):
            return True
        return any(isinstance(one, QWidget) and one.isVisible() for one in act.associatedObjects())

    @Slot(QWidget, QWidget)
    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        contexts = Qt.ShortcutContext
        for key in self._nearer.keys() & self._wide.keys():
            owners = [owner for one in self._nearer[key] if (owner := one()) is not None and isValid(owner)]
            taken = now is not None and any(one is now or one.isAncestorOf(now) for one in owners)
            # Not with its children: the widget with the keyboard may be inside the wide act's owner.
            for act in self._wide[key]:
                act.setShortcutContext(contexts.WidgetShortcut if taken else contexts.WindowShortcut)

    def _both(self, act: Act) -> Words:
        fields = {name: (words.en, words.ko) for name, words in act.fields.items()}
        en, ko = ({name: pair[at] for name, pair in fields.items()} for at in (0, 1))
        words = self._catalogue.both(act.text_key)
        return Words(en=words.en.format(**en), ko=words.ko.format(**ko)) if fields else words

    def _claim(self, act_id: str, key: str, owner: QWidget | None) -> None:
        for place in {id(owner) if owner is not None else 0, 0}:
            taken = self._keys.get((key, place))
            if taken is not None:
                raise ActionsError(f"act {act_id}: key {key} already does {taken}")
        if owner is None:
            for (taken_key, _), taken in self._keys.items():
                if taken_key == key:
                    raise ActionsError(f"act {act_id}: key {key} already does {taken}")
        self._keys[key, id(owner) if owner is not None else 0] = act_id

    def _text(self, act: Act) -> str:
        fields = {name: self._catalogue.words(words) for name, words in act.fields.items()}
        return self._catalogue.say(act.text_key, **fields)

    def _say(self, act: Act) -> None:
        text = self._text(act)
        act.setText(text)
        act.setToolTip(f"{text} ({key_text(act.shortcut())})" if not act.shortcut().isEmpty() else text)

    @Slot()
    def _retext(self) -> None:
        for act in self._acts.values():
            self._say(act)
        if self._acts:
            self.changed.emit()


class ActButton(QPushButton):
    """A button that does one act: its words, its key behind them, enabled when the act is."""

    def __init__(self, act: Act, parent: QWidget | None = None, role: str = "") -> None:
        super().__init__(parent)
        self._act = act
        if role:
            self.setProperty("role", role)
        self.setObjectName(f"button.{act.act_id}")
        self.setCheckable(act.isCheckable())
        act.changed.connect(self._follow)
        self.clicked.connect(act.trigger)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        key = key_text(self._act.shortcut())
        self.setText(f"{self._act.text()}  [{key}]" if key else self._act.text())
        self.setAccessibleName(self._act.text())
        self.setToolTip(self._act.toolTip())
        self.setEnabled(self._act.isEnabled())
        self.setChecked(self._act.isChecked())


def key_text(sequence: QKeySequence) -> str:
    """A key as it stands on the keyboard."""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
