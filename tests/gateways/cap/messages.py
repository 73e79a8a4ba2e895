"""CAP messages and signatures made for tests."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
AREA = "<areaDesc>수원시</areaDesc><circle>37.27,127.01 20</circle>"
DS = "http://www.w3.org/2000/09/xmldsig#"


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def info(
    area: str = AREA, event: str = "호우경보", until: datetime | None = None, language: str = "ko-KR"
) -> str:
    expires = f"<expires>{stamp(until)}</expires>" if until is not None else ""
    return (
        f"<info><language>{language}</language><category>Met</category><event>{event}</event>"
        "<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>"
        f"{expires}<senderName>기상청</senderName><headline>{event}</headline><area>{area}</area></info>"
    )


def alert(
    identifier: str = "KMA-1", kind: str = "Alert", references: str = "", body: str | None = None,
    sent: str = "2026-03-20T18:05:00+09:00", status: str = "Actual", namespace: str = NAMESPACE,
    declaration: bool = True,
) -> bytes:  # fmt: skip
    refers = f"<references>{references}</references>" if references else ""
    text = (
        f'<alert xmlns="{namespace}">\n<identifier>{identifier}</identifier>\n'
        "<sender>kma@example.org</sender>\n"
        f"<sent>{sent}</sent>\n<status>{status}</status>\n<msgType>{kind}</msgType>\n<scope>Public</scope>\n"
        f"{refers}{info() if body is None else body}\n</alert>"
    )
    return (('<?xml version="1.0" encoding="UTF-8"?>\n' if declaration else "") + text).encode()


class Signer:
    """A service with a key and a certificate of its own."""

    def __init__(self, name: str = "KMA alerts") -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        self.certificate = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
            .public_key(self.key.public_key()).serial_number(1).not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=365)).sign(self.key, hashes.SHA256())
        )  # fmt: skip

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, message: bytes, prefix: str = "", with_certificate: bool = True) -> bytes:
        """The message with an enveloped signature (RSA, SHA-256, exclusive canonical form).

        What is signed is written out here as canonical XML by hand, so that the check is not its own judge.
        """
        root = etree.fromstring(message)
        digest = base64.b64encode(
            hashlib.sha256(etree.tostring(root, method="c14n", exclusive=True)).digest()
        ).decode()
        p = f"{prefix}:" if prefix else ""
        xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
        exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"

        def element(name: str, algorithm: str, inner: str = "") -> str:
            return f'<{p}{name} Algorithm="{algorithm}">{inner}</{p}{name}>'

        reference = (
            f'<{p}Reference URI=""><{p}Transforms>{element("Transform", DS + "enveloped-signature")}'
            f'{element("Transform", exclusive)}</{p}Transforms>'
            f'{element("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256")}'
            f"<{p}DigestValue>{digest}</{p}DigestValue></{p}Reference>"
        )
        inner = (
            element("CanonicalizationMethod", exclusive)
            + element("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256") + reference
        )
        canonical = f'<{p}SignedInfo {xmlns}="{DS}">{inner}</{p}SignedInfo>'
        value = base64.b64encode(
            self.key.sign(canonical.encode(), padding.PKCS1v15(), hashes.SHA256())
        ).decode()
        der = base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()
        known = (
            f"<{p}KeyInfo><{p}X509Data><{p}X509Certificate>{der}</{p}X509Certificate></{p}X509Data></{p}KeyInfo>"
            if with_certificate else ""
        )
        signature = (
            f'<{p}Signature {xmlns}="{DS}"><{p}SignedInfo>{inner}</{p}SignedInfo>'
            f"<{p}SignatureValue>{value}</{p}SignatureValue>{known}</{p}Signature>"
        )
        return message.replace(b"</alert>", signature.encode() + b"</alert>")
