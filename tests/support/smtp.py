"""A real SMTP server on a free loopback port, which records what it accepts and can be told to misbehave.

    with a_mail_server() as server:
        server.port, server.accepted, server.connections
        server.rcpt["nobody@b.c"] = "550 5.1.1 no such user"
        server.on_data = lambda letter: DROP

A message is recorded before it is answered, as a server does that dies between the two.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DROP = "drop the connection"
OK = "250 2.0.0 kept"


@dataclass
class Letter:
    """A message as it came: who for, and what."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.data, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """accepted: in the order of arrival. mail, rcpt: answers by address; on_data: the answer to a whole message."""

    port: int
    accepted: list[Letter] = field(default_factory=list)
    connections: int = 0
    mail: dict[str, str] = field(default_factory=dict)
    rcpt: dict[str, str] = field(default_factory=dict)
    on_data: Callable[[Letter], str] | None = None
    passwords: dict[str, str] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)
    hear: Callable[[str], None] = lambda line: None

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        answer = self.mail.get(address, "250 OK")
        if answer == DROP:
            _drop(server)
        elif answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        self.hear(address)
        answer = self.rcpt.get(address, "250 OK")
        if answer == DROP:
            _drop(server)
        elif answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        letter = Letter(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        answer = self.on_data(letter) if self.on_data else OK
        if answer == DROP or answer.startswith("2"):
            self.accepted.append(letter)
        if answer == DROP:
            _drop(server)
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False)
        known = self.passwords.get(data.login.decode()) == data.password.decode()
        self.logins.append(data.login.decode())
        return AuthResult(success=known, handled=False)


def _drop(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


class _Counted(SMTP):
    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)


@contextmanager
def a_mail_server(
    *,
    port: int = 0,
    certificate: tuple[Path, Path] | None = None,
    is_tls: bool = False,
    passwords: dict[str, str] | None = None,
    **options: Any,
) -> Iterator[MailServer]:
    """certificate: (certificate, key) makes it offer STARTTLS, or speak TLS from the start with is_tls."""
    sock = socket.create_server(("127.0.0.1", port))
    mail_server = MailServer(port=sock.getsockname()[1], passwords=passwords or {})
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)

    def protocol() -> SMTP:
        return _Counted(
            mail_server,
            loop=loop,
            hostname="mail.test",
            tls_context=None if is_tls else context,
            authenticator=mail_server.authenticate,
            auth_require_tls=False,
            **{"enable_SMTPUTF8": True, "timeout": 30, **options},
        )

    async def serve() -> None:
        server = await loop.create_server(protocol, sock=sock, ssl=context if is_tls else None)
        started.set()
        await stopping.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def live() -> None:
        loop.run_until_complete(serve())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()  # here, because the main thread may run a loop of its own, as Playwright does

    loop = asyncio.new_event_loop()
    stopping, started = asyncio.Event(), threading.Event()
    thread = threading.Thread(target=live)
    thread.start()
    started.wait()
    try:
        yield mail_server
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        sock.close()


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
