"""The viewing page, and what it says to somebody who may not see. Everything in it is escaped."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

import msgspec

from console.clock import SECOND_NS
from console.language import Catalogue
from console.model.share import RefusedWhy, ShareGrant

_WORDS = (
    "live", "recorded", "until", "left", "joining", "away", "over", "cannot_show", "player", "again",
    "finished", "stalled",
)  # fmt: skip


def share_said(grant: ShareGrant, now_ns: int) -> dict[str, Any]:
    """What a share says of itself to a program: no token, no digest, no network."""
    stretch = grant.recorded
    return {
        "share": grant.id, "recipient": grant.recipient, "viewer": grant.viewer, "purpose": grant.purpose,
        "legal_basis": grant.legal_basis, "from_ns": grant.from_ns, "until_ns": grant.until_ns,
        "now_ns": now_ns, "live": grant.live,
        "recorded": None if stretch is None else {"from_ns": stretch.from_ns, "to_ns": stretch.to_ns},
        "cameras": [
            {"camera": one.camera_id, "name": msgspec.to_builtins(one.name), "masked": bool(one.zones)}
            for one in grant.cameras
        ],
    }  # fmt: skip


def page(grant: ShareGrant, token: str, language: str, catalogue: Catalogue, now_ns: int) -> str:
    """The page of a share. The viewer's name lies over the picture; the script opens what is chosen."""

    def say(key: str, **fields: Any) -> str:
        return escape(catalogue.both(f"share.page.{key}", **fields).in_language(language))

    words = {name: catalogue.both(f"share.page.{name}").in_language(language) for name in _WORDS}
    told = share_said(grant, now_ns) | {"words": words, "language": language, "path": f"/s/{token}"}
    until = datetime.fromtimestamp(grant.until_ns // SECOND_NS).astimezone()
    buttons = "".join(
        f'<button type="button" data-form="{form}" data-camera="{escape(one.camera_id)}">'
        f"{escape(one.name.in_language(language))} · {say(form)}</button>"
        for one in grant.cameras
        for form in (*(("live",) if grant.live else ()), *(("recorded",) if grant.recorded else ()))
    )
    rows = "".join(
        f'<dt>{say(name)}</dt><dd id="{name}">{escape(text)}</dd>'
        for name, text in (
            ("recipient", f"{grant.recipient} · {grant.viewer}"), ("purpose", grant.purpose),
            ("legal_basis", grant.legal_basis), ("officer", grant.officer), ("share", grant.id),
            ("ends", until.isoformat(sep=" ")),
        )
    )  # fmt: skip
    mark = escape(f"{grant.recipient} · {grant.viewer} · {grant.id}")
    body = f"""<main>
<h1>{say("title")}</h1>
<p id="state" role="status" aria-live="polite">{say("choose")}</p>
<div id="stage"><video id="picture" muted playsinline aria-label="{say("picture")}"></video>
<div class="mark" aria-hidden="true">{"".join(f"<span>{mark}</span>" for _ in range(9))}</div>
<p class="name">{mark}</p></div>
<nav aria-label="{say("cameras")}">{buttons}
<span id="moves" hidden><button type="button" data-move="-30">{say("back")}</button>
<button type="button" data-move="30">{say("on")}</button></span></nav>
<p id="clock"></p>
<dl>{rows}</dl>
<p class="note">{say("note")}</p>
</main>
<script type="application/json" id="told">{_inside_script(told)}</script>
<script src="/viewer.js"></script>"""
    return _document(say("title"), language, body)


def refusal_page(why: RefusedWhy, language: str, catalogue: Catalogue) -> str:
    """What a person sees who may not see."""
    words = escape(catalogue.both(f"share.refused.{why}").in_language(language))
    title = escape(catalogue.both("share.page.title").in_language(language))
    return _document(title, language, f'<main><h1>{title}</h1><p role="alert">{words}</p></main>')


def _document(title: str, language: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="stylesheet" href="/viewer.css"></head>\n'
        f"<body>{body}</body></html>\n"
    )


def _inside_script(told: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    text = msgspec.json.encode(told).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
