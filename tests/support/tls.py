"""The web process as production runs it, with a certificate of the tests' own."""

import ipaddress
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.development_database import free_port
from tests.support.processes import eventually, start_line


class Https:
    """The Procfile's `web` at an https address; `certificate`: the file that a client must
    trust.
    """

    def __init__(self, database_name: str, folder: Path, **changes: str | None) -> None:
        port = free_port()
        self.url, self.certificate = f"https://127.0.0.1:{port}", folder / "certificate.pem"
        key = folder / "key.pem"
        write_certificate(self.certificate, key)
        bound = f"--bind 127.0.0.1:{port} --certfile {self.certificate} --keyfile {key}"
        self.environment = {
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "GUNICORN_CMD_ARGS": bound,
            **changes,
        }
        self.process: subprocess.Popen[str] = start_line(
            database_name, "web", port=port, **self.environment
        )

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/health", verify=str(self.certificate), timeout=5).ok
        except requests.ConnectionError:
            return False

    def wait(self) -> None:
        assert eventually(self.answers, seconds=60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=40)


def write_certificate(certificate: Path, key: Path) -> None:
    """For 127.0.0.1, signed by itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name,
            name,
            private.public_key(),
            x509.random_serial_number(),
            now,
            now + timedelta(days=1),
        )
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    shape = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(private.private_bytes(serialization.Encoding.PEM, *shape))
