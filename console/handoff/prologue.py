"""From a stranger's bytes to an XML tree, or a refusal, before anything could be expanded, fetched or
swollen.

A document type is refused before a parser sees it: with no document type there are no entities, internal
or external, no default attributes and nothing to fetch. Only encodings whose bytes below 0x80 are ASCII
are read, so that this look at the prologue cannot be deceived. The parser itself has entities, network and
huge trees off.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from console.handoff.grammar import grammar


class CapError(Exception):
    """A message that is not CAP 1.2. `line` is 0 where no line can be named."""

    def __init__(self, line: int, field: str, problem: str) -> None:
        super().__init__(f"line {line}: {field}: {problem}" if line else f"{field}: {problem}")
        self.line = line
        self.field = field
        self.problem = problem


_DECLARATION = re.compile(
    r"<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*([\"'])(?P<version>[^\"'<>?]{1,8})\1"
    r"([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*([\"'])(?P<encoding>[A-Za-z][A-Za-z0-9._-]{0,39})\4)?"
    r"([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*([\"'])(yes|no)\7)?[ \t\r\n]*\?>"
)
_BEFORE_ROOT = re.compile(r"[ \t\r\n]+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def xml_root(data: bytes, most_bytes: int = 0, whole: bool = False) -> Any:
    """The root element. Raises CapError for what is too large, wrongly encoded, typed or not well-formed.

    `most_bytes` 0: as large as a message may be. `whole`: with comments and
    instructions, as signatures need it.
    """
    limit = most_bytes or grammar().max_bytes
    if len(data) > limit:
        raise CapError(0, "message", f"is {len(data)} bytes; at most {limit} are read")
    text = _decoded(data.removeprefix(_BYTE_ORDER_MARK))
    _refuse_document_type(text)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        dtd_validation=False, attribute_defaults=False, remove_comments=not whole, remove_pis=not whole,
        recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        said = (error.msg or "it could not be read").split(", line ")[0][:160]
        raise CapError(error.lineno or 1, "XML", f"is not well-formed: {said}") from None
    if root.getroottree().docinfo.internalDTD is not None:  # cannot happen; the belt to the braces above
        raise CapError(1, "DOCTYPE", "a document type is not allowed")
    return root


def _decoded(data: bytes) -> str:
    if not data.strip(b" \t\r\n"):
        raise CapError(0, "message", "is empty")
    if b"\0" in data:
        raise CapError(1, "encoding", "holds zero bytes: UTF-16, UTF-32 and binary are not read")
    encoding = "utf-8"
    if data.startswith(b"<?xml"):
        matched = _DECLARATION.match(data[:400].decode("latin-1"))
        if matched is None:
            raise CapError(1, "XML declaration", "cannot be read")
        if matched["version"] != "1.0":
            raise CapError(1, "XML declaration", f"version {matched['version']!r} is not 1.0")
        encoding = (matched["encoding"] or "utf-8").lower()
    if encoding not in grammar().encodings:
        raise CapError(1, "encoding", f"{encoding!r} is not one of {', '.join(grammar().encodings)}")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CapError(line, "encoding", f"byte {error.start} is not {encoding}") from None


def _refuse_document_type(text: str) -> None:
    at = 0
    while (matched := _BEFORE_ROOT.match(text, at)) is not None:
        at = matched.end()
    if text.startswith("<!", at):
        line = text.count("\n", 0, at) + 1
        raise CapError(line, "DOCTYPE", "a document type is not allowed: no entities, no external parts")
