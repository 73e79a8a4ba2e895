"""The look: contrast is computed, fonts are ours, every character of every text has a glyph."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QRawFont

from console.language import load_catalogue
from console.paths import shipped
from tests.kit.sitting import Sitting
from widgets.kit.tokens import THEMES, Tokens, TokensError, contrast, load_fonts

READABLE = 4.5
"""WCAG 2.2, 1.4.3 (minimum contrast of text)."""
VISIBLE = 3.0
"""WCAG 2.2, 1.4.11 (contrast of what is not text)."""
MEANINGFUL_MARKS = ("p1", "p2", "p3", "p4", "focus")


@pytest.mark.parametrize("theme", THEMES)
def test_every_ink_can_be_read_on_every_ground(theme: str, qapp: object) -> None:
    tokens = Tokens(theme)
    pairs = tokens.pairs()
    assert len(pairs) >= 40
    poor = [
        f"{ink} on {ground}: {contrast(one, other):.2f}"
        for ink, one, ground, other in pairs
        if contrast(one, other) < READABLE
    ]
    assert not poor


@pytest.mark.parametrize("theme", THEMES)
def test_every_shape_that_means_something_can_be_seen_on_every_ground(theme: str, qapp: object) -> None:
    tokens = Tokens(theme)
    poor = [
        f"{mark} on {ground}"
        for mark in MEANINGFUL_MARKS
        for ground in ("bg0", "bg1", "bg2", "select")
        if contrast(tokens.mark(mark), tokens.ground(ground)) < VISIBLE
    ]
    assert not poor


def test_contrast_is_the_ratio_the_standard_defines() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(QColor("#ffffff"), QColor("#ffffff")) == 1.0


def test_priorities_differ_in_each_theme_so_that_none_is_taken_for_another(qapp: object) -> None:
    for theme in THEMES:
        tokens = Tokens(theme)
        assert len({tokens.priority_mark(priority).name() for priority in (1, 2, 3, 4)}) == 4


def test_all_characters_of_all_texts_in_both_languages_have_a_glyph_in_both_weights(sitting: Sitting) -> None:
    words = load_catalogue()
    characters: set[str] = set()
    for language in ("en", "ko"):
        words.switch(language)
        for key in sorted(words.keys()):
            characters.update(words.say(key))
    assert any("가" <= one <= "힣" for one in characters)
    for bold in (False, True):
        raw = QRawFont.fromFont(sitting.tokens.font("body", bold))
        missing = sorted(
            one for one in characters if one.isprintable() and not raw.supportsCharacter(ord(one))
        )
        assert not missing, f"no glyph (bold={bold}): {missing}"


def test_all_names_of_the_city_have_glyphs(sitting: Sitting) -> None:
    profile, raw = sitting.profile, QRawFont.fromFont(sitting.tokens.font("body"))
    named = [*profile.districts.values(), *profile.incident_types.values(), *profile.agencies.values(),
             *profile.systems.values(), *profile.sites, *profile.kinds.values()]  # fmt: skip
    text = "".join(one.name.en + one.name.ko for one in named)
    assert len(text) > 500
    assert not sorted({one for one in text if one.isprintable() and not raw.supportsCharacter(ord(one))})


def test_a_character_the_font_lacks_is_found_by_that_check(sitting: Sitting) -> None:
    raw = QRawFont.fromFont(sitting.tokens.font("body"))
    assert not raw.supportsCharacter(ord("\u00b5"))
    assert raw.supportsCharacter(ord("\u03bc"))


def test_the_application_uses_the_shipped_family_whatever_the_machine_has(sitting: Sitting) -> None:
    assert set(load_fonts()) == {"NanumGothic"}
    assert QFontInfo(sitting.app.font()).family() == "NanumGothic"
    assert QFontInfo(sitting.tokens.font("huge", bold=True)).pixelSize() == 28


@pytest.mark.parametrize("role", ["small", "body", "strong", "large", "huge"])
@pytest.mark.parametrize("bold", [False, True])
def test_all_digits_have_one_width(role: str, bold: bool, sitting: Sitting) -> None:
    metrics = QFontMetrics(sitting.tokens.font(role, bold))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_another_theme_reaches_the_application_and_who_paints_by_himself(sitting: Sitting) -> None:
    told: list[str] = []
    sitting.tokens.changed.connect(lambda: told.append(sitting.tokens.theme))
    sitting.tokens.switch("light")
    assert told == ["light"]
    assert sitting.app.palette().window().color() == sitting.tokens.ground("bg0")
    assert sitting.tokens.ground("bg1").name() in sitting.app.styleSheet()
    sitting.tokens.switch("light")
    assert told == ["light"], "the same theme again is no change"


def test_an_unknown_theme_is_refused(qapp: object) -> None:
    with pytest.raises(ValueError, match="sepia"):
        Tokens("sepia")


def test_wrong_style_data_names_file_table_and_key(tmp_path: Path, qapp: object) -> None:
    good = (shipped("assets") / "style" / "tokens.toml").read_text("utf-8")
    broken = tmp_path / "tokens.toml"
    for found, put, expected in (
        (
            'bg1 = "#1C2026"',
            'bg1 = "grey-ish"',
            r"tokens.toml: \[dark.ground\] bg1: 'grey-ish' is not a colour",
        ),
        ('dim = "#9AA4AF"\n', "", "tokens.toml: ink: only one theme has dim"),
        ("[motion]", "[emotion]", r"tokens.toml: \[motion\] is missing"),
        ("[type]", "[type", "tokens.toml: "),
    ):
        assert found in good
        broken.write_text(good.replace(found, put), "utf-8")
        with pytest.raises(TokensError, match=expected):
            Tokens("dark", broken)


def test_a_missing_font_file_says_which_and_what_to_do(tmp_path: Path, qapp: object) -> None:
    with pytest.raises(TokensError, match=r"NanumGothic.ttf: missing or not a font; install"):
        load_fonts(tmp_path)
