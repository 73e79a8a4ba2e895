"""The words of a place, made when somebody asks: as a person would say it, in both languages."""

from __future__ import annotations

from console.model.base import Words
from console.profile.columns import PlaceBook
from console.profile.placing import BANK, EXPLICIT, JUNCTION, LINE, SITE, STREET
from console.profile.wording import filled

OCTANTS = (
    Words(en="north side", ko="북쪽"), Words(en="north-east side", ko="북동쪽"),
    Words(en="east side", ko="동쪽"), Words(en="south-east side", ko="남동쪽"),
    Words(en="south side", ko="남쪽"), Words(en="south-west side", ko="남서쪽"),
    Words(en="west side", ko="서쪽"), Words(en="north-west side", ko="북서쪽"),
)  # fmt: skip
"""Clockwise from north, for sites whose kind has no words of its own."""


def place_words(book: PlaceBook, kind: int, one: int, other: int) -> Words:
    """What a place is called; `kind`, `one`, `other` as `placing` made them."""
    if kind == EXPLICIT:
        return book.explicit[one][0]
    if kind == JUNCTION:
        return filled(book.naming.junction, one=book.street_names[one], other=book.street_names[other])
    if kind == SITE:
        name = book.site_names[one]
        spot = book.spot_words.get(book.site_kinds[one], OCTANTS)[other]
        return Words(en=f"{name.en}, {spot.en}", ko=f"{name.ko} {spot.ko}")
    if kind == LINE:
        return filled(book.line_names[one], n=str(other))
    if kind == BANK:
        return filled(book.naming.bank, river=book.street_names[one], km=f"{other / 1000:.1f}")
    return filled(book.naming.house, street=book.street_names[one], n=str(other))


def address_words(book: PlaceBook, kind: int, one: int, other: int, district: int) -> Words:
    """The second line: street and number where there are any, then district and city."""
    if kind == EXPLICIT and (told := book.explicit[one][1]) is not None:
        return told
    of, city = book.district_names[district], book.city_name
    if kind != STREET:
        return filled(book.naming.area, district=of, city=city)
    return filled(book.naming.address, place=place_words(book, kind, one, other), district=of, city=city)
