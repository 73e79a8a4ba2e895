"""The page a partner builds from: its samples are taken, its vector holds, its names are all there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from console.handoff import capthread, eido
from console.handoff.kinds import CardField, Format, PartnerKind, Source
from console.handoff.signing import HEADER, Refused, digest_of, key_id_of, read_envelope, signed_bytes
from console.handoff.thread.figures import JsonLimits, ladder
from console.model.ladder import Said

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ref" / "partners.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))
SAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_each_sample_is_a_message_as_the_console_takes_it(sample):
    message = eido.parse(sample.encode())
    assert message.key == "SW-000001:EIDO-ROOM:1"
    assert eido.parse(eido.build(message)) == message


def test_the_samples_have_all_but_one_verb_and_all_verbs_and_codes_are_named():
    assert {eido.parse(one.encode()).verb for one in SAMPLES} == {
        "requestForService", "responseToRequest", "notification", "cancelRequest",
    }  # fmt: skip
    assert "requestAwareness" in NAMED
    said = next(line for line in PAGE.splitlines() if line.startswith("`statusCode` is one of"))
    assert {int(one) for one in re.findall(r"\b[1-6][0-9]{2}\b", said)} == eido.RESPONSE_CODES
    assert set(get_args(eido.IncidentStatus)) <= NAMED


def test_the_signature_on_the_page_holds_and_is_of_what_it_says():
    (text,) = re.findall(r"^    (v=1; .*)$", PAGE, re.MULTILINE)
    (body,) = re.findall(r"of the message `([^`]+)`", PAGE)
    (public,) = re.findall(r"public `([0-9a-f]{64})`", PAGE)
    envelope = read_envelope(text)
    assert envelope.digest == digest_of(body.encode(), "json", ladder().json)
    assert envelope.key_id == key_id_of(bytes.fromhex(public))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(envelope.value, signed_bytes(envelope))


@pytest.mark.parametrize(
    "names",
    [
        PartnerKind.__struct_encode_fields__, CardField.__struct_encode_fields__, get_args(Source),
        get_args(Said), get_args(Format), get_args(Refused), JsonLimits.__struct_fields__,
        (HEADER, "handoff:note", "handoff:opened", capthread.UNIT, capthread.TO_AGENCY),
    ],
    ids=["file", "field", "from", "said", "format", "refused", "limits", "codes"],
)  # fmt: skip
def test_every_name_is_on_the_page(names):
    assert [one for one in names if one not in NAMED] == []
