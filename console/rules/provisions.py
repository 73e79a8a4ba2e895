"""Pictures of hand-offs that partners fetch: an entry of the ledger of provisions before each leaves.

Purpose and legal basis are the city's (`seeds/services/CITY.toml`, handoffs); the officer in charge is the
person who sent the hand-off. The seven fields: Standard Guideline, art. 42(1).
"""

from __future__ import annotations

from console.clock import SECOND_NS
from console.handoff.thread.figures import PictureFigures
from console.model import events as ev
from console.model.fact import EvidenceAsked
from console.model.share import ProvidedPicture
from console.model.state import CityState
from console.profile import Profile
from console.rules.draft import NOTHING, Decision, Draft

DAY_NS = 24 * 3600 * SECOND_NS


def may_have(profile: Profile, agency: str) -> bool:
    """Whether the city says for what and on what basis this agency has pictures of hand-offs."""
    return profile.linked is not None and agency in profile.linked.handoffs and agency in profile.agencies


def decide_evidence(
    state: CityState, profile: Profile, asked: EvidenceAsked, figures: PictureFigures, again: int = 0
) -> Decision | None:
    """The entry; NOTHING where the same piece was provided shortly before; None where it may not leave: not
    a hand-off of this agency that was sent, or no basis. `again` is counted into the entry.
    """
    thread = state.threads.get(asked.thread_id)
    if thread is None or thread.agency != asked.agency or not thread.queued_ns:
        return None
    if not may_have(profile, asked.agency):
        return None
    assert profile.linked is not None
    basis, language = profile.linked.handoffs[asked.agency], profile.languages[0]
    name = (asked.name, asked.sha256)
    before = next((one for one in thread.fetched if (one.name, one.sha256) == name), None)
    if before is not None and 0 <= asked.at_ns - before.at_ns < int(figures.again_s * SECOND_NS):
        return NOTHING
    picture = ProvidedPicture(
        at_ns=asked.at_ns, name=asked.name, camera_id=asked.camera_id, form=asked.form,
        from_ns=asked.from_ns, to_ns=asked.to_ns, sha256=asked.sha256, size=asked.size, agency=asked.agency,
        recipient=profile.agencies[asked.agency].name.in_language(language), officer=thread.person,
        purpose=basis.purpose.in_language(language),
        legal_basis=profile.linked.bases[basis.basis].name.in_language(language),
        keep_until_ns=asked.at_ns + int(basis.keep_days * DAY_NS), address=asked.address, again=again,
    )  # fmt: skip
    event = ev.EvidenceProvided(handoff_id=thread.id, incident_id=thread.incident_id, picture=picture)
    return Decision((Draft(event, ev.Cause(actor=f"agency:{asked.agency}")),))
