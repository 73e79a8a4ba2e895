"""Disaster messages."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.message import MessageContent


class DraftMessage(Command, frozen=True, kw_only=True, tag="draft_message"):
    """Put a draft before whoever may approve it. Its id is the request's, where `message_id` is empty; else
    the draft with that id is written anew."""

    content: MessageContent
    message_id: str = ""


class DiscardMessage(Command, frozen=True, kw_only=True, tag="discard_message"):
    """Put a draft away."""

    message_id: str
    reason: str


class ApproveMessage(Command, frozen=True, kw_only=True, tag="approve_message"):
    """Let exactly the draft with this digest go.

    At a supervisor's desk that did not draft it, the person there approves. At any other desk `approver` and
    that person's own `code` say who does. Nobody who wrote at it can.
    """

    message_id: str
    digest: str
    approver: str = ""
    code: str = ""

    def __repr__(self) -> str:
        """Without the code: no log and no exception shows one."""
        return f"ApproveMessage(message_id={self.message_id!r}, approver={self.approver!r})"
