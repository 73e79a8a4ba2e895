"""The draft on one screen: what, how urgent, where, to whom; then what is seen; then what is missing.

It opens in the detail's dock; nothing is covered. Enter sends, Esc leaves the draft.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from console.handoff.draft import callers_words, evidence_words, place_words, urgency_words
from console.handoff.drafttext import lead, rows, times
from console.model.handoffdraft import Draft
from console.model.query import DraftPage
from console.profile import Profile
from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.ladder.drafting import Drafting
from widgets.ladder.lines import ThreadWords
from widgets.ladder.pages import DraftPages
from widgets.ladder.roomy import Roomy
from widgets.ladder.stills import StillDecoder
from widgets.ladder.trendline import TrendLine

KEYS = "ABCDEF"
STILLS = 2
"""Beside the text; the message carries all, and the text counts them."""
WIDE_PX = 148
_NO_MARKS = dict.fromkeys(map(ord, "▁▂▃▄▅▆▇█"))
"""The trend is painted; the text keeps its first and last value."""


class DraftView(QFrame):
    """All that the partners of one incident will get.

    Acts, only while it has the keyboard: ladder.send (Enter), ladder.leave (Esc), ladder.throw_away
    (Alt+X), ladder.to.AGENCY (Alt and a letter of `KEYS`), which takes a partner out or in again.
    """

    def __init__(
        self, drafting: Drafting, pages: DraftPages, decoder: StillDecoder, words: ThreadWords,
        profile: Profile, actions: Actions, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._drafting, self._pages, self._decoder, self._words = drafting, pages, decoder, words
        self._actions, self._tokens = actions, tokens
        self._catalogue = words.catalogue
        self._texts = Texts(self._catalogue)
        self._stills_of: object = None
        self._typed_for = ""
        self.setObjectName("ladder-draft")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts.put(self, accessibleName="ladder.draftview.title")
        self._add_acts(profile)
        self._lay_out(profile, tokens)
        self.hide()
        drafting.changed.connect(self.refresh)
        decoder.decoded.connect(self._decoded)
        follow(self._catalogue, self._retext)

    def open(self) -> None:
        """Take the keyboard; what is typed goes into the person's own words."""
        self.refresh()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def send(self) -> None:
        """Send what is chosen."""
        self._drafting.send(self.field.text())

    @Slot()
    def leave(self) -> None:
        """Leave the drafts as they are."""
        self._drafting.leave()

    @Slot()
    def throw_away(self) -> None:
        """Give the drafts up."""
        self._drafting.throw_away(self._catalogue.say("ladder.draftview.thrown_away"))

    @Slot()
    def refresh(self) -> None:
        """Say what is known now."""
        drafting = self._drafting
        if drafting.incident_id != self._typed_for:
            self._typed_for = drafting.incident_id
            self.field.clear()
        self.setVisible(drafting.is_open)
        if not drafting.is_open:
            return
        threads = {one.agency: one for one in drafting.threads()}
        drafts: list[Draft] = []
        shown: DraftPage | None = None
        for agency in drafting.agencies:
            thread = threads.get(agency)
            page = self._pages.page(thread.id) if thread is not None else None
            shown = shown or page
            draft = page.draft if page is not None and page.draft is not None else None
            draft = draft or self._pages.own(drafting.incident_id, agency)
            if draft is not None:
                drafts.append(draft)
        self._say_receivers()
        self._say_draft(drafts, shown)
        self._say_state(shown)
        busy = drafting.sending or drafting.send_soon
        self._actions.enable("ladder.send", not busy)
        self._actions.enable("ladder.throw_away", bool(threads) and not busy)
        self.field.setReadOnly(busy)

    def _say_receivers(self) -> None:
        drafting, say = self._drafting, self._catalogue.say
        names = [self._words.agency(one) for one in drafting.agencies if one not in drafting.left_out]
        key = "joint" if len(names) > 1 else "to"
        threads = drafting.threads()
        if threads and threads[0].shape in ("transfer", "reroute"):
            key = threads[0].shape
        self.title.setText(say(f"ladder.draftview.{key}", agencies=" + ".join(names)))
        for agency, button in self._receivers.items():
            present = agency in drafting.agencies and len(drafting.agencies) > 1
            button.setVisible(present)
            self._actions.enable(f"ladder.to.{agency}", present and not drafting.sending)
            act = self._actions.act(f"ladder.to.{agency}")
            taken = agency not in drafting.left_out
            act.setChecked(taken)
            act.setText(f"{'●' if taken else '○'} {self._words.agency(agency)}")

    def _say_draft(self, drafts: list[Draft], page: DraftPage | None) -> None:
        language = self._catalogue.language
        if not drafts:
            self.lead[0].setText(self._catalogue.say("ladder.draftview.unknown"))
            self.lead[1].setText("")
            self._say_rows([])
            self._say_fields([])
            return
        first = drafts[0]
        what, where = lead(first, language)
        self.lead[0].setText(what.rpartition(" · → ")[0] or what)
        self.lead[1].setText(where)
        self.opened.setText(times(first, language))
        mine = [one for one in rows(first, language, self._words.figures) if one.what in
                ("seen", "callers", "pictures", "trend", "procedure")]  # fmt: skip
        self._say_rows([(one.name, one.text.translate(_NO_MARKS) if one.what == "trend" else one.text)
                        for one in mine])  # fmt: skip
        self._say_fields(drafts)
        for place, line in enumerate(self._trends):
            line.show_trend(first.trends[place] if place < len(first.trends) else None)
        missing = dict.fromkeys(text for one in drafts for row in rows(one, language, self._words.figures)
                                if row.what == "missing" for text in row.text.split(", "))  # fmt: skip
        looking = page is None or page.pictures == "building"
        say = self._catalogue.say
        text = say("ladder.draftview.missing", what=", ".join(missing)) if missing else ""
        if looking:
            text = f"{text} {say('ladder.draftview.looking')}".strip()
        self.missing.setText(f"▲ {text}" if missing else text)
        style(self.missing, ink="p2" if missing else "dim")
        self.missing.setVisible(bool(text))
        self._say_stills(page)

    def _say_rows(self, lines: list[tuple[str, str]]) -> None:
        while len(self._rows) < len(lines):
            name, text = label(ink="dim"), label()
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            text.setWordWrap(True)
            self._grid.addWidget(name, len(self._rows), 0)
            self._grid.addWidget(text, len(self._rows), 1)
            self._rows.append((name, text))
        for place, (name, text) in enumerate(self._rows):
            present = place < len(lines)
            name.setVisible(present)
            text.setVisible(present)
            if present:
                name.setText(lines[place][0])
                text.setText(lines[place][1])

    def _say_fields(self, drafts: list[Draft]) -> None:
        """What each partner's card holds beyond what stands above it, a column each; a rule's proposal has
        its sign. Fields that only repeat are named."""
        language, say = self._catalogue.language, self._catalogue.say
        for place, column in enumerate(self._cards):
            present = place < len(drafts)
            column.setVisible(present)
            if not present:
                continue
            draft = drafts[place]
            out = draft.agency in self._drafting.left_out
            head = self._words.agency(draft.agency)
            lines = [say("ladder.draftview.left_out", agency=head) if out else head]
            above, same = _above(draft, language), []
            for row in rows(draft, language, self._words.figures):
                if row.what != "field" or out:
                    continue
                if row.text in above:
                    same.append(row.name)
                else:
                    lines.append(f"{row.name}{' ◇' if row.proposed else ''}: {row.text or '–'}")
            if same:
                lines.append(say("ladder.draftview.above", names=", ".join(same)))
            column.setText("\n".join(lines))

    def _say_stills(self, page: DraftPage | None) -> None:
        stills = page.stills if page is not None else ()
        self.stills.setVisible(bool(stills))
        if stills is not self._stills_of:
            self._stills_of = stills
            for picture in self._pictures:
                picture.clear()
                picture.hide()
            if page is not None and stills:
                self._decoder.decode(page.thread_id, stills[:STILLS])

    @Slot(str, object)
    def _decoded(self, thread_id: str, images: tuple[QImage, ...]) -> None:
        threads = self._drafting.threads()
        if not any(one.id == thread_id for one in threads):
            return
        page = self._pages.page(thread_id)
        for place, picture in enumerate(self._pictures):
            present = place < len(images)
            picture.setVisible(present)
            if not present:
                continue
            if images[place].isNull():
                picture.setText(self._catalogue.say("ladder.draftview.unreadable"))
                continue
            wide = images[place].scaledToWidth(WIDE_PX) if images[place].width() > WIDE_PX else images[place]
            picture.setPixmap(QPixmap.fromImage(wide))
            if page is not None and place < len(page.stills):
                still = page.stills[place]
                name = f"{still.camera_id} {self._words.clock(still.at_ns)}"
                picture.setAccessibleName(name)
                picture.setToolTip(name)

    def _say_state(self, page: DraftPage | None) -> None:
        drafting, say = self._drafting, self._catalogue.say
        bad = drafting.refused is not None
        if bad:
            text = say("ladder.draftview.refused", reason=self._catalogue.words(drafting.refused))
        elif drafting.send_soon:
            text = say("ladder.draftview.soon")
        elif drafting.sending:
            text = say("ladder.draftview.sending")
        elif not drafting.is_complete():
            text = say("ladder.draftview.building")
        elif page is None:
            text = say("ladder.draftview.own")
        elif page.problem is not None:
            text, bad = self._catalogue.words(page.problem), True
        else:
            text = ""
        self.state.setText(text)
        style(self.state, ink="p1" if bad else "dim", weight="bold" if bad else "")
        self.state.setVisible(bool(text))

    def _add_acts(self, profile: Profile) -> None:
        actions = self._actions
        for name, key, handler in (
            ("send", "Return", self.send), ("leave", "Esc", self.leave),
            ("throw_away", "Alt+X", self.throw_away),
        ):  # fmt: skip
            actions.add(
                f"ladder.{name}", f"ladder.act.{name}", key, handler, owner=self, group="ladder.group",
                only_focused=True, enabled=False,
            )  # fmt: skip
        actions.enable("ladder.leave")
        self._turns: list[_Turn] = []
        keys = dict(zip(profile.agencies, KEYS, strict=False))
        for agency in profile.agencies.values():
            key = f"Alt+{keys[agency.id]}" if agency.id in keys else ""
            turn = _Turn(agency.id, self._drafting)
            self._turns.append(turn)
            actions.add(
                f"ladder.to.{agency.id}", "ladder.act.to", key, turn.turn, owner=self,
                group="ladder.group", only_focused=True, enabled=False, checkable=True,
                fields={"agency": agency.short},
            )  # fmt: skip

    def _lay_out(self, profile: Profile, tokens: Tokens) -> None:
        unit = tokens.space(1)
        style(self, role="overlay")
        self.title = ElidedLabel(size="strong", weight="bold", ink="focus")
        self.opened = label(ink="dim", size="small")
        self.lead = (label(size="strong", weight="bold"), label(weight="bold"))
        for one in self.lead:
            one.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(2 * unit)
        head.addWidget(self.title, 1)
        head.addWidget(self.opened)
        self._receivers: dict[str, QPushButton] = {}
        for agency in profile.agencies:
            button = self._actions.button(f"ladder.to.{agency}", self)
            self._receivers[agency] = button
            head.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(unit)
        for one in self.lead:
            left.addWidget(one)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * unit)
        self._grid.setVerticalSpacing(unit // 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        left.addLayout(self._grid)
        self._trends = [TrendLine(tokens) for _ in range(self._words.figures.draft.trends)]
        for line in self._trends:
            self._texts.put(line, accessibleName="ladder.draft.trend")
            line.hide()
            left.addWidget(line)
        left.addStretch(1)
        self.stills = QWidget()
        column = QVBoxLayout(self.stills)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        self._pictures: list[QLabel] = []
        for _ in range(STILLS):
            picture = label(ink="dim", size="small")
            picture.setFixedWidth(WIDE_PX)
            picture.hide()
            column.addWidget(picture)
            self._pictures.append(picture)
        column.addStretch(1)
        self.stills.hide()
        upper = QHBoxLayout()
        upper.setSpacing(3 * unit)
        upper.addLayout(left, 1)
        upper.addWidget(self.stills)
        cards = QHBoxLayout()
        cards.setSpacing(4 * unit)
        self._cards: list[QLabel] = []
        for _ in profile.agencies:
            card = label(size="small")
            card.setWordWrap(True)
            card.setAlignment(Qt.AlignmentFlag.AlignTop)
            cards.addWidget(card, 1)
            self._cards.append(card)
        self.missing = label()
        self.missing.setWordWrap(True)
        self.state = label()
        self.state.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setMaxLength(self._words.figures.thread.text_chars)
        self._texts.put(
            self.field, accessibleName="ladder.draftview.field", placeholderText="ladder.draftview.hint"
        )
        self.field.returnPressed.connect(self.send)  # the keypad's Enter is another key than the act's
        buttons = QWidget()
        flow = FlowLayout(unit, buttons)
        flow.addWidget(self._actions.button("ladder.send", self, role="act"))
        for name in ("leave", "throw_away"):
            flow.addWidget(self._actions.button(f"ladder.{name}", self))
        content = QWidget()
        told = QVBoxLayout(content)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(unit)
        told.addLayout(upper)
        told.addLayout(cards)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        whole.setSpacing(unit)
        whole.addLayout(head)
        whole.addWidget(Roomy(content))
        for part in (self.missing, self.state, self.field, buttons):
            whole.addWidget(part)

    def _retext(self) -> None:
        self._drafting.why_left_out = self._catalogue.say("ladder.draftview.taken_out")
        self._stills_of = None
        self.refresh()


def _above(draft: Draft, language: str) -> frozenset[str]:
    """What is read above a partner's card already."""
    kind, place = draft.type_name, place_words(draft)
    said = [kind, place, urgency_words(draft), callers_words(draft), evidence_words(draft)]
    said += [one.text for one in draft.seen[-1:]]
    found = {" ".join(one.in_language(language).split()) for one in said}
    return frozenset({*found, f"{kind.in_language(language)}, {place.in_language(language)}"})


class _Turn:
    """Takes one partner out or in. An object with a method, because acts hold their handlers weakly."""

    def __init__(self, agency: str, drafting: Drafting) -> None:
        self._agency, self._drafting = agency, drafting

    def turn(self) -> None:
        self._drafting.turn(self._agency)
