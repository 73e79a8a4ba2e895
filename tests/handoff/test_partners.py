"""partners.toml: where the partners are, checked at the door and read again when it changes."""

from __future__ import annotations

import pytest

from console.handoff.partners import PartnerBook, PartnersError, partner_link, read_partners, write_partners


def test_an_address_is_a_link_with_the_partners_name(tmp_path):
    path = tmp_path / "partners.toml"
    path.write_text('[partners.KR-112]\nurl = "https://127.0.0.1:40112/handoff"\n')
    link = read_partners(path)["KR-112"]
    assert (link.agency, link.server_name, link.sender) == ("KR-112", "kr-112.handoff.internal", "KR-112")
    assert link.alive_url == "https://127.0.0.1:40112/alive"


def test_a_site_may_name_certificate_and_sender_itself(tmp_path):
    path = tmp_path / "partners.toml"
    path.write_text(
        '[partners.KR-112]\nurl = "https://h:1/x"\nserver_name = "cad.police"\nsender = "112@police"\n'
    )
    link = read_partners(path)["KR-112"]
    assert (link.server_name, link.sender) == ("cad.police", "112@police")


def test_no_file_is_no_partners(tmp_path):
    assert read_partners(tmp_path / "partners.toml") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[partners.KR-112]\nurl = "http://127.0.0.1:1/handoff"', "KR-112: url: expected https"),
        ('[partners.KR-112]\nurl = "https://user:secret@127.0.0.1:1/handoff"', "without a user name"),
        ('[partners.KR-112]\nurl = "https://127.0.0.1:99999/handoff"', "KR-112: url: expected https"),
        ('[partners.KR-112]\nurl = "https:///handoff"', "KR-112: url: expected https"),
        ('[partners."../x"]\nurl = "https://127.0.0.1:1/handoff"', "an agency id is"),
        ("[partners.KR-112]\nurl = 5", r"str.*url"),
        ('[partners.KR-112]\nuri = "x"', "uri"),
        ("[partners", "partners.toml"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_file_and_key_but_no_secret(tmp_path, text, said):
    path = tmp_path / "partners.toml"
    path.write_text(text)
    with pytest.raises(PartnersError, match=said) as caught:
        read_partners(path)
    assert str(caught.value).startswith("partners.toml: ")
    assert "secret" not in str(caught.value)


def test_what_is_written_is_read_and_others_are_kept(tmp_path):
    path = tmp_path / "partners.toml"
    write_partners(path, {"KR-112": "https://127.0.0.1:1/handoff", "KR-119": "https://127.0.0.1:2/handoff"})
    write_partners(path, {"KR-112": "https://127.0.0.1:3/handoff"})
    links = read_partners(path)
    assert links["KR-112"] == partner_link("KR-112", "https://127.0.0.1:3/handoff")
    assert links["KR-119"] == partner_link("KR-119", "https://127.0.0.1:2/handoff")


def test_a_changed_file_is_read_again_and_a_spoilt_one_keeps_the_last_good(tmp_path):
    path = tmp_path / "partners.toml"
    book = PartnerBook(path)
    assert book.links() == {}
    write_partners(path, {"KR-112": "https://127.0.0.1:1/handoff"})
    assert book.links()["KR-112"].url == "https://127.0.0.1:1/handoff"
    good = path.read_bytes()
    path.write_text("nonsense = [")
    assert book.links()["KR-112"].url == "https://127.0.0.1:1/handoff"
    assert book.problem.startswith("partners.toml: ")
    path.write_bytes(good.replace(b":1/", b":22/"))
    assert book.links()["KR-112"].url == "https://127.0.0.1:22/handoff"
    assert book.problem == ""


def test_a_removed_file_is_no_partners(tmp_path):
    path = tmp_path / "partners.toml"
    write_partners(path, {"KR-112": "https://127.0.0.1:1/handoff"})
    book = PartnerBook(path)
    assert book.links()
    path.unlink()
    assert book.links() == {}
