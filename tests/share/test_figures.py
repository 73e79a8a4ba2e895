"""A site's own figures and certificate: used, or refused by file and field."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.handoff.tls import ensure_authority
from console.share.figures import FiguresError, load_figures, tls_context


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[listen]\nhost = 'everywhere'", "listen.host"), ("[listen]\nport = 'x'", "listen.port"),
        ("[listen]\ncertificate = 'a.pem'", "both are given or none"), ("[lister]\na = 1", "lister"),
        ("[limits]\nfeeds = 0", "limits.feeds"), ("[viewer]\nwaiting_mib = 1", "waiting_mib"),
        ("[live]\nmore = 1", "more"), ("[", "site.toml"), ("listen = 1", "listen"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_sites_file_is_named(tmp_path: Path, text: str, said: str):
    (tmp_path / "site.toml").write_text(text)
    with pytest.raises(FiguresError, match=r"site\.toml") as problem:
        load_figures(tmp_path / "site.toml")
    assert said in str(problem.value)


def test_a_sites_own_certificate_is_used_and_an_open_or_a_wrong_key_is_not(tmp_path: Path):
    ensure_authority(tmp_path / "site", ("KR-112", "KR-119"))
    file = tmp_path / "site" / "site.toml"

    def context(key: str) -> ssl.SSLContext:
        file.write_text(f"[listen]\ncertificate = 'KR-112.crt'\nprivate_key = '{key}'")
        return tls_context(load_figures(file), tmp_path / "home", SystemClock())

    made = context("KR-112.key")
    assert made.verify_mode == ssl.CERT_OPTIONAL and made.minimum_version == ssl.TLSVersion.TLSv1_2
    with pytest.raises(FiguresError, match="belong together"):
        context("KR-119.key")
    with pytest.raises(FiguresError, match="not there"):
        context("none.key")
    (tmp_path / "site" / "KR-112.key").chmod(0o644)
    with pytest.raises(FiguresError, match="chmod 600"):
        context("KR-112.key")
