"""An authority of the hub's own, for houses without one: store PCs are given its certificate.

Made at the first start; the server's certificate is issued anew when it is about to run out or the
hub gets another name.
"""

import logging
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge_core.errors import PromenadeError
from edge_core.private_files import tighten, write_private

log = logging.getLogger(__name__)
_AUTHORITY_DAYS: Final = 3650
_SERVER_DAYS: Final = 397
_RENEW: Final = timedelta(days=30)


def own_certificate(folder: Path, names: list[str], now: datetime) -> tuple[Path, Path]:
    """Certificate and key for a server, from the authority in a folder; both made where missing.

    Args:
        folder: holds `ca.pem`, to be handed to store PCs, and what nobody else may read.
        names: host names and addresses the server is called by.
        now: aware.

    Returns:
        Paths of `server.pem` and `server.key`.

    Raises:
        PromenadeError: the folder cannot be written, or its authority cannot be used.
    """
    certificate, key = folder / "server.pem", folder / "server.key"
    try:
        if not _serves(certificate, key, names, now):
            authority, authority_key = _authority(folder, now)
            _issue(certificate, key, names, authority, authority_key, now)
    except (OSError, ValueError) as error:
        raise PromenadeError(
            f"The hub's own authority in {folder} cannot be used: {error}.",
            "Let the hub's user write there, or give --certificate and --key of your own.",
        ) from None
    return certificate, key


def _serves(certificate: Path, key: Path, names: list[str], now: datetime) -> bool:
    if not (certificate.exists() and key.exists()):
        return False
    known = x509.load_pem_x509_certificate(certificate.read_bytes())
    alternative = known.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return alternative.value == _names(names) and known.not_valid_after_utc - now > _RENEW


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    path, key_path = folder / "ca.pem", folder / "ca.key"
    if path.exists():
        if tighten(key_path):
            log.warning(
                "others could read the key of the hub's authority, %s; not any more", key_path
            )
        key = load_pem_private_key(key_path.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("ca.key is of another kind")
        return x509.load_pem_x509_certificate(path.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Promenade hub authority")])
    usage = x509.KeyUsage(
        digital_signature=False, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(name, name, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(key_path, _pem(key))
    _write(path, certificate.public_bytes(Encoding.PEM))
    return certificate, key


def _issue(
    path: Path,
    key_path: Path,
    names: list[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Promenade hub")])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        _builder(name, authority.subject, key.public_key(), now, _SERVER_DAYS)
        .add_extension(_names(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    write_private(key_path, _pem(key))
    _write(path, certificate.public_bytes(Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))  # a store's clock may be behind
        .not_valid_after(now.astimezone(UTC) + timedelta(days=days))
    )


def _names(names: list[str]) -> x509.SubjectAlternativeName:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(found)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)
