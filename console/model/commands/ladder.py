"""Orders about the threads of hand-offs. What is refused says why with the codes of `refused.ladder_*`."""

from __future__ import annotations

from console.model.commands.base import Command


class DraftHandoff(Command, frozen=True, kw_only=True, tag="draft_handoff"):
    """Begin a hand-off to these agencies of the profile: a draft for each. Several are a joint response.

    A draft to the same agency that was not sent yet is gone on with. `text`: the person's own words.
    """

    incident_id: str
    agencies: tuple[str, ...]
    text: str = ""


class EditDraft(Command, frozen=True, kw_only=True, tag="edit_draft"):
    """Change one's words in a draft, and fields of the partner's card (field id, text)."""

    thread_id: str
    text: str
    fields: tuple[tuple[str, str], ...] = ()


class SendDraft(Command, frozen=True, kw_only=True, tag="send_draft"):
    """Send drafts: all or none. What was sent already is no error."""

    thread_ids: tuple[str, ...]


class UpdateHandoff(Command, frozen=True, kw_only=True, tag="update_handoff"):
    """Tell the partner more about a case it was given."""

    thread_id: str
    text: str


class CancelHandoff(Command, frozen=True, kw_only=True, tag="cancel_handoff"):
    """Ask the partner to drop the case; it decides."""

    thread_id: str
    reason: str


class TransferHandoff(Command, frozen=True, kw_only=True, tag="transfer_handoff"):
    """Draft the same for another agency, to go instead of this one once it has accepted (이관)."""

    thread_id: str
    agency: str


class RerouteHandoff(Command, frozen=True, kw_only=True, tag="reroute_handoff"):
    """Draft the same for another agency, because this one refused."""

    thread_id: str
    agency: str


class RecordCall(Command, frozen=True, kw_only=True, tag="record_call"):
    """What was said by voice. `number` is kept apart from the log."""

    thread_id: str
    called_at_ns: int
    name: str
    channel: str
    outcome: str
    number: str = ""
    case_ref: str = ""
    words: str = ""


class SeeFlags(Command, frozen=True, kw_only=True, tag="see_flags"):
    """I have seen what was flagged."""

    thread_id: str


class GiveUpHandoff(Command, frozen=True, kw_only=True, tag="give_up_handoff"):
    """End what the partner never confirmed; nothing more is sent. A draft is thrown away by it."""

    thread_id: str
    reason: str
