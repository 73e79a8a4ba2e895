"""One request: who asks, why, on what basis, for what; what came of it; who looks now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.picturerequest import PictureRequest, Share
from console.report.names import agency_name, district_name
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.shares.rows import Line, basis_words, purpose_words, service_words


class ShareDetail(QWidget):
    """Read only. UI thread."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shares-detail")
        self._board, self._catalogue, self._moments = board, catalogue, moments
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        self.head = label(self, size="strong", weight="bold")
        self.state = label(self, weight="bold")
        self.why = label(self)
        self.looking = label(self, ink="focus", weight="bold")
        self.facts = label(self, size="small", ink="dim")
        for part in (self.head, self.state, self.why, self.looking, self.facts):
            part.setWordWrap(True)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(part)

    def show_line(self, line: Line | None) -> None:
        """This line as it stands; words instead where none is chosen."""
        say, words = self._catalogue.say, self._catalogue.words
        for part in (self.state, self.why, self.looking, self.facts):
            part.setVisible(line is not None)
        if line is None:
            self.head.setText(say("shares.nothing"))
            return
        request, now = line.request, self._board.clock.now_ns()
        service = words(service_words(self._board, request.wish.service))
        self.head.setText(f"{service} · {request.share_id or request.id}")
        state = line.state(now)
        self.state.setText(self._state(line, now))
        style(self.state, ink="p2" if state == "waiting" else "" if state == "in_force" else "dim")
        self.why.setText("\n".join(self._why(request)))
        who = [
            say("shares.looks", viewer=one.viewer, camera=one.camera_id, form=say(f"shares.form.{one.form}"),
                address=one.address, since=self._moments.age(one.at_ns, now))
            for one in line.views
        ]  # fmt: skip
        self.looking.setText("\n".join(who))
        self.looking.setVisible(bool(who))
        self.facts.setText("\n".join(self._facts(request, line.share)))

    def _state(self, line: Line, now_ns: int) -> str:
        say, request = self._catalogue.say, line.request
        state = line.state(now_ns)
        if state == "waiting":
            needs = say(f"shares.needs.{request.needs}")
            return say("shares.state_waits", age=self._moments.age(request.at_ns, now_ns), needs=needs)
        if state == "refused":
            reason = self._catalogue.words(request.reason) if request.reason is not None else request.refusal
            return say("shares.state_refused", reason=reason, who=request.person or say("shares.by_rule"))
        if state == "in_force" and line.share is not None:
            left = self._moments.span(line.left_ns(now_ns) / 1e9)
            until = self._moments.clock(line.share.until_ns)
            return say("shares.state_in_force", left=left, until=until)
        if state == "revoked" and line.share is not None:
            return say("shares.state_revoked", who=line.share.over_by, reason=line.share.over_reason)
        return say(f"shares.state.{state}")

    def _why(self, request: PictureRequest) -> list[str]:
        """Who asks, why and on what basis: what is read before anything is approved."""
        say, words, wish = self._catalogue.say, self._catalogue.words, request.wish
        agency = agency_name(self._board.profile, self._catalogue, request.agency)
        if request.direction == "inbound":
            who = say("shares.fact.asks", agency=agency, person=wish.person)
        else:
            who = say("shares.fact.offered", agency=agency, person=request.offered_by)
        lines = [who, say("shares.fact.purpose", purpose=words(purpose_words(self._board, request)))]
        lines.append(say("shares.fact.basis", basis=words(basis_words(self._board, request))))
        service = self._board.profile.services.get(wish.service)
        if request.waits and service is not None and service.approval_why is not None:
            lines.append(say("shares.fact.approval", why=words(service.approval_why)))
        if wish.text:
            lines.append(f"“{wish.text}”")
        return lines

    def _facts(self, request: PictureRequest, share: Share | None) -> list[str]:
        say, words, wish = self._catalogue.say, self._catalogue.words, request.wish
        district = district_name(self._board.profile, self._catalogue, request.place.district)
        where = " · ".join(one for one in (words(request.place.name), district) if one)
        lines = [say("shares.fact.where", place=where, radius=f"{wish.radius_m:g}")]
        service = self._board.profile.services.get(wish.service)
        if service is not None and service.point != "scene":
            lines.append(say(f"shares.fact.point_{service.point}"))
        minutes = wish.minutes or (service.minutes if service is not None else 0)
        forms = [say("shares.fact.live", minutes=f"{minutes:g}")] if wish.live else []
        if wish.recorded is not None:
            first, last = (self._moments.clock(at) for at in (wish.recorded.from_ns, wish.recorded.to_ns))
            forms.append(say("shares.fact.recorded", first=first, last=last))
        lines.append(" · ".join(forms))
        if wish.case_ref or request.incident:
            lines.append(
                say("shares.fact.cases", theirs=wish.case_ref or "–", ours=request.incident or "–")
            )
        if request.unusable:
            lines.append(say("shares.fact.unusable", count=request.unusable))
        lines += self._route(request)
        if share is not None:
            lines.append(
                say("shares.fact.share", officer=share.officer, mark=say(f"shares.mark.{share.mark}"),
                    views=share.views, refused=share.refused)
            )  # fmt: skip
            if share.masks_lifted:
                lines.append(say("shares.fact.lifted", reason=share.masks_lifted))
        lines.append(say("shares.fact.number", request=request.id, at=self._moments.moment(request.at_ns)))
        return lines

    def _route(self, request: PictureRequest) -> list[str]:
        say, words, route = self._catalogue.say, self._catalogue.words, request.route
        if route is None:
            return []
        lines = []
        if route.path:
            roads = " → ".join(words(one) for one in route.roads[:6])
            lines.append(say("shares.fact.route", metres=f"{route.length_m:,.0f}", roads=roads))
        lines += [
            say("shares.fact.traffic", place=words(one.name), words=words(one.words))
            for one in route.traffic[:4]
        ]
        return lines
