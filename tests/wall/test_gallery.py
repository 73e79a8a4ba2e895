"""Every state a pane can have, painted: nothing fails, and every pane says its state in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.wall.gallery import NAMED, Gallery, pages
from widgets.wall import words


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ko", "light")])
def test_a_wall_with_every_state_can_be_painted_and_says_each(
    qapp: object, tmp_path: Path, language: str, theme: str
) -> None:
    for number, names in enumerate(pages(tuple(NAMED), 64)):
        gallery = Gallery(names, 8, language, theme)
        path = tmp_path / f"{number}.png"
        gallery.save(path)
        assert QImage(str(path)).width() == 1920
        for name in names:
            said = gallery.wall.words_of(gallery.camera_of[name])
            state = gallery.wall._of_camera[gallery.camera_of[name]].state
            assert words.badge(state, gallery.catalogue) in said
            if name in ("old but said to be live",):
                assert gallery.catalogue.say("wall.state.live") not in said
        gallery.close()
