"""The XML signature of a message: trusted, not to be judged here, or broken.

Source: W3C, XML Signature Syntax and Processing 1.1. Only what CAP uses is read: one reference to the whole
document, the enveloped transform, canonical XML 1.0 or exclusive, SHA-1 to SHA-512, RSA (PKCS #1 1.5), ECDSA.
Whatever else a signature asks for is not done and leaves it unknown. Trust is a list of certificates of the
source; a certificate inside a message is never trusted for being there. What is covered is always the whole
message without its signatures: there is no other part that could be signed in its place.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.refusing import NotTaken
from console.gateways.cap.tree import SIGNATURE, line_of, name_of, namespace_of
from console.handoff.prologue import CapError, xml_root
from console.model.warning import SignatureState

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{SIGNATURE}enveloped-signature"
_CANONICAL = {  # address: (exclusive, with comments)
    INCLUSIVE: (False, False), f"{INCLUSIVE}#WithComments": (False, True),
    EXCLUSIVE: (True, False), f"{EXCLUSIVE}WithComments": (True, True),
}  # fmt: skip
_DIGESTS = {
    f"{SIGNATURE}sha1": "sha1", "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}  # fmt: skip
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_METHODS = {
    f"{SIGNATURE}rsa-sha1": ("rsa", "sha1"),
    **{f"{_MORE}{kind}-{digest}": (kind, digest)
       for kind in ("rsa", "ecdsa") for digest in ("sha256", "sha384", "sha512")},
}  # fmt: skip
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303  judged as weak below
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
LEAST_RSA_BITS = 2048
Judged = tuple[SignatureState, str]


class _Unknown(Exception):
    """This signature asks for something that is not done here."""


def judge(
    data: bytes, trusted: Sequence[x509.Certificate], sent_ns: int, weak_allowed: bool = False
) -> Judged:
    """What the message's signatures say, and who signed. Raises NotTaken for one that does not hold.

    `data` is the whole message as it came. `sent_ns`: a trusted certificate counts while it was valid then.
    `weak_allowed`: SHA-1 may be trusted, for a source that has nothing better.
    """
    try:
        root = xml_root(data, len(data) + 1, whole=True)
    except CapError as error:
        raise NotTaken("invalid", error.line, error.field, error.problem) from None
    signatures = _all(root, "Signature")
    if len(signatures) > (most := cap_figures().most.signatures):
        raise NotTaken("hostile", line_of(signatures[most]), "Signature", f"occurs more than {most} times")
    best: Judged = ("none", "")
    for number in range(len(signatures)):
        said = _one(root, number, trusted, sent_ns, weak_allowed)
        if best[0] != "trusted":
            best = said
    return best


def _one(
    root: Any, number: int, trusted: Sequence[x509.Certificate], sent_ns: int, weak_allowed: bool
) -> Judged:
    signature = _all(root, "Signature")[number]
    embedded = _embedded(signature)
    signer = _subject(embedded) if embedded is not None else ""
    try:
        info = _only(signature, "SignedInfo")
        weak = _check_digest(root, number, _only(info, "Reference"), line_of(signature))
        value = _base64(_only(signature, "SignatureValue"))
        kind, digest = _known(_METHODS, _only(info, "SignatureMethod"))
        signed = _canonical(info, _only(info, "CanonicalizationMethod"))
        weak = weak or digest == "sha1"
        for certificate in trusted:
            if _holds(certificate, kind, digest, value, signed) and _was_valid(certificate, sent_ns):
                return ("trusted", _subject(certificate)) if weak_allowed or not weak else ("unknown", signer)
        if embedded is not None and _holds(embedded, kind, digest, value, signed) is False:
            line = line_of(signature)
            raise NotTaken("bad_signature", line, "Signature", "does not hold for its certificate")
    except _Unknown:
        return "unknown", signer
    return "unknown", signer


def _check_digest(root: Any, number: int, reference: Any, line: int) -> bool:
    """Whether the digest is a weak one. Raises NotTaken when the message is not what was signed."""
    if reference.get("URI") != "" or reference.get("Type"):
        raise _Unknown
    method, enveloped = None, False
    for transforms in _all(reference, "Transforms"):
        for transform in _all(transforms, "Transform"):
            if transform.get("Algorithm") == ENVELOPED:
                enveloped = True
            elif transform.get("Algorithm") in _CANONICAL and method is None:
                method = transform
            else:
                raise _Unknown
    digest = _known(_DIGESTS, _only(reference, "DigestMethod"))
    told = _base64(_only(reference, "DigestValue"))
    if not enveloped:
        raise _Unknown
    # By the standard only the signature itself is taken out; some services sign before others have.
    for every in (False, True):
        body = _without(root, None if every else number)
        if hashlib.new(digest, _canonical(body, method)).digest() == told:
            return bool(digest == "sha1")
    raise NotTaken("bad_signature", line, "Signature", "the message was changed after it was signed")


def _without(root: Any, number: int | None) -> Any:
    """A copy of the document without one signature, or without any; the text behind it stays."""
    body = copy.deepcopy(root.getroottree()).getroot()
    signatures = _all(body, "Signature")
    for one in signatures if number is None else [signatures[number]]:
        before = one.getprevious()
        if before is None:
            body.text = (body.text or "") + (one.tail or "")
        else:
            before.tail = (before.tail or "") + (one.tail or "")
        body.remove(one)
    return body.getroottree()


def _canonical(part: Any, method: Any) -> bytes:
    """Canonical bytes of a part, by a method's element (None: as a reference has it without one)."""
    address = INCLUSIVE if method is None else method.get("Algorithm")
    if address not in _CANONICAL:
        raise _Unknown
    exclusive, comments = _CANONICAL[address]
    prefixes: list[str] | None = None
    if exclusive and method is not None:
        for child in method:
            if name_of(child) == "InclusiveNamespaces":
                prefixes = (child.get("PrefixList") or "").split()
    if not hasattr(part, "tag"):  # the whole document; as URI="" names it, it is without comments
        return bytes(etree.tostring(
            part, method="c14n", exclusive=exclusive, inclusive_ns_prefixes=prefixes, with_comments=False
        ))  # fmt: skip
    if not exclusive:
        # libxml2 writes xmlns="" into a part that is made canonical alone (seen with real Canadian messages);
        # with every prefix in scope in its list, the exclusive form of a part is the inclusive one.
        prefixes = sorted(str(one or "#default") for one in part.nsmap)
    return bytes(etree.tostring(
        part, method="c14n", exclusive=True, inclusive_ns_prefixes=prefixes, with_comments=comments,
    ))  # fmt: skip


def _holds(certificate: x509.Certificate, kind: str, digest: str, value: bytes, signed: bytes) -> bool | None:
    """Whether the value is this key's signature; None where key and method do not go together."""
    key = certificate.public_key()
    algorithm = _HASHES[digest]
    try:
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            if key.key_size < LEAST_RSA_BITS:
                return None
            key.verify(value, signed, padding.PKCS1v15(), algorithm)
            return True
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            r, s = (int.from_bytes(one, "big") for one in (value[:half], value[half:]))
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(algorithm))
            return True
    except InvalidSignature:
        return False
    except Exception:
        return None  # an algorithm this machine's library does not do any more
    return None


def _was_valid(certificate: x509.Certificate, at_ns: int) -> bool:
    at = datetime.fromtimestamp(at_ns / 1e9, UTC)
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _embedded(signature: Any) -> x509.Certificate | None:
    for element in signature.iter(f"{{{SIGNATURE}}}X509Certificate"):
        try:
            return x509.load_der_x509_certificate(base64.b64decode("".join((element.text or "").split())))
        except (ValueError, binascii.Error, TypeError):
            return None
    return None


def _subject(certificate: x509.Certificate) -> str:
    try:
        names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    except ValueError:
        return ""
    return " ".join(str(names[0].value).split())[:120] if names else ""


def _all(parent: Any, name: str) -> list[Any]:
    return [one for one in parent if namespace_of(one) == SIGNATURE and name_of(one) == name]


def _only(parent: Any, name: str) -> Any:
    found = _all(parent, name)
    if len(found) != 1:
        raise _Unknown
    return found[0]


def _known(table: dict[str, Any], element: Any) -> Any:
    found = table.get(element.get("Algorithm", ""))
    if found is None:
        raise _Unknown
    return found


def _base64(element: Any) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (ValueError, binascii.Error):
        raise _Unknown from None
