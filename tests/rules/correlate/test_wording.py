"""Every reason is said in both languages, with the names people use."""

from __future__ import annotations

import pytest

from console.language import load_catalogue
from console.model.base import Words
from console.model.casework import Reason
from console.rules.city import phrase_of
from console.rules.correlate.wording import CODES, words_of

PHRASE = phrase_of(load_catalogue())
FIELDS = {
    "metres": "40", "seconds": "20", "by": "CAM-1", "type": "violence", "incident": "SU-1", "count": "9",
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words_in_both_languages(code):
    words = words_of(Reason(code=code, fields=FIELDS), PHRASE, {"violence": Words(en="Fight", ko="싸움")})
    assert words.en
    assert words.ko
    assert "{" not in words.en + words.ko


def test_a_type_and_a_street_are_said_by_their_names():
    reason = Reason(
        code="other_road",
        fields={"metres": "900", "seconds": "60", "by": "Jeongjo-ro|정조로", "type": "violence"},
    )
    words = words_of(reason, PHRASE, {"violence": Words(en="Fight", ko="싸움")})
    assert words.en == "Goes with Fight: 900 m along Jeongjo-ro, 60 s apart"
    assert words.ko == "연관 유형(싸움): 정조로 따라 900m, 간격 60초"


def test_a_reason_without_fields_and_a_type_without_a_name_are_said_too():
    assert words_of(Reason(code="named"), PHRASE, {}).en == "Its sender names this incident"
    assert "unheard_of" in words_of(
        Reason(code="other_near", fields={**FIELDS, "type": "unheard_of"}), PHRASE, {}
    ).en  # fmt: skip
