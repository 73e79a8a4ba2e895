"""From a stranger's bytes to an XML tree that is not too deep, and where things stand in it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.refusing import NotTaken, not_taken
from console.handoff.prologue import CapError, xml_root

CAP = {"urn:oasis:names:tc:emergency:cap:1.1": "1.1", "urn:oasis:names:tc:emergency:cap:1.2": "1.2"}
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
ATOM = "http://www.w3.org/2005/Atom"


def tree_of(data: bytes, most_bytes: int) -> Any:
    """The root element. No document type, no entity, nothing fetched. Raises NotTaken."""
    try:
        root = xml_root(data, most_bytes)
    except CapError as error:
        raise not_taken(error) from None
    most, depth = cap_figures().most.depth, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise NotTaken("hostile", line_of(element), "XML", f"is nested deeper than {most} elements")
    return root


def namespace_of(element: Any) -> str:
    return str(etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def name_of(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def line_of(element: Any) -> int:
    return int(element.sourceline or 0)


def is_alert(element: Any) -> bool:
    """Whether it is a CAP message of a version we read."""
    return namespace_of(element) in CAP and name_of(element) == "alert"
