"""A time line in words: where the cursor stands, what is recorded there, what happened before and after."""

from __future__ import annotations

from console.language import Catalogue
from console.report.describe import Teller
from widgets.kit.moments import Moments
from widgets.kit.permits import Stretch
from widgets.replay.events import EventBook, Mark, at_of
from widgets.replay.rows import Row


class Telling:
    """The same for eyes that do not see it. UI thread only."""

    def __init__(self, book: EventBook, teller: Teller, catalogue: Catalogue, moments: Moments) -> None:
        self._book, self._teller, self._catalogue, self._moments = book, teller, catalogue, moments

    def place(self, at_ns: int, row: Row | None, rows: int, selection: Stretch | None) -> str:
        """Position, the chosen camera's footage there, lock, selection."""
        say = self._catalogue.say
        title = say("replay.timeline")
        if row is None or not at_ns:
            return f"{title}: {say('replay.empty')}" if row is None else f"{title}: {row.name}"
        said = [f"{self._moments.clock(at_ns)}, {row.name}: {self.footage(row, at_ns)}"]
        lock = next((one for one in row.locks if one.from_ns <= at_ns <= one.to_ns), None)
        if lock is not None:
            said.append(say("replay.lock.here", who=lock.who or "–", why=lock.why or "–"))
        if selection is not None:
            said.append(self.selected(selection))
        return f"{title}: {'. '.join(said)}"

    def footage(self, row: Row, at_ns: int) -> str:
        """What of a camera is recorded at a moment."""
        say, clock = self._catalogue.say, self._moments.clock
        if not row.known:
            return say("replay.footage.looking")
        span = row.coverage.at(at_ns)
        if span is not None:
            return say("replay.footage.recorded", since=clock(span[0]), until=clock(span[1]))
        before, after = row.coverage.gap_at(at_ns)
        if before is not None and after is not None:
            return say("replay.footage.gap_between", since=clock(before), until=clock(after))
        if after is not None:
            return say("replay.footage.gap_before", until=clock(after))
        if before is not None:
            return say("replay.footage.gap_after", since=clock(before))
        return say("replay.footage.none")

    def selected(self, stretch: Stretch) -> str:
        seconds = (stretch.to_ns - stretch.from_ns) / 1e9
        return self._catalogue.say(
            "replay.selection", since=self._moments.clock(stretch.from_ns),
            until=self._moments.clock(stretch.to_ns), span=self._moments.span(seconds),
        )  # fmt: skip

    def around(self, at_ns: int) -> str:
        """The events before and after the cursor."""
        say, lines = self._catalogue.say, []
        before, after = self._book.before(at_ns), self._book.after(at_ns)
        for key, entry in (("replay.events.before", before), ("replay.events.after", after)):
            if entry is not None and at_ns:
                lines.append(
                    say(key, clock=self._moments.clock(at_of(entry)), event=self._teller.sentence(entry))
                )
        return "\n".join(lines) or say("replay.events.none")

    def mark(self, mark: Mark) -> str:
        """All about one event, for the tooltip."""
        entry = self._book.entry(mark.seq)
        text = f"{self._moments.clock(at_of(entry))}  {self._teller.sentence(entry)}"
        if mark.count > 1:
            text += "\n" + self._catalogue.say("replay.events.others", count=mark.count - 1)
        return text
