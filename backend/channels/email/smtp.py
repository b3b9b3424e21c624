"""Mail through an SMTP server, over connections that are kept.

Each step says how far it got: before DATA nothing can have been accepted, after the final dot without an answer nobody
knows (RFC 1047). The answer to the final dot may take ten minutes (RFC 5321, 4.5.3.2.6): giving up earlier would make
messages doubtful that are merely slow.
"""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from backend.channels.channel import (
    Deferred,
    Doubtful,
    Envelope,
    NotDelivered,
    Receipt,
    Rejected,
    Unreachable,
    Withheld,
    words,
)
from backend.channels.receipts import is_bad_address

CONNECT_SECONDS = 30.0
COMMAND_SECONDS = 120.0
FINAL_SECONDS = 600.0
IDLE_SECONDS = 20.0  # after which a connection is asked whether it is still there
CONNECTIONS = 2
RESTS_MS = tuple(1000 * seconds for seconds in (15, 30, 60, 120, 300, 600, 900))


@dataclass(frozen=True)
class Server:
    """Where mail goes. security: none | starttls | tls; the last two never fall back to plain text."""

    host: str
    port: int
    security: str = "starttls"
    username: str = ""
    password: str = ""
    own_name: str = "localhost"

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.security})"


class Smtp:
    """The e-mail channel. `context` decides which certificates are good, the system's by default."""

    is_inbox = False

    def __init__(
        self,
        server: Server,
        *,
        context: ssl.SSLContext | None = None,
        connections: int = CONNECTIONS,
        final_seconds: float = FINAL_SECONDS,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> None:
        self.server = server
        self.workers = connections
        self.connect_seconds, self.final_seconds = connect_seconds, final_seconds
        self._context = context
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0

    def wait_ms(self, wall_ms: int) -> int:
        return max(0, self._rests_until - wall_ms)

    def rest(self, wall_ms: int) -> int:
        rest = RESTS_MS[min(self._failures, len(RESTS_MS) - 1)]
        self._failures += 1
        self._rests_until = wall_ms + rest
        return rest

    def deliver(self, envelope: Envelope, may_leave: Callable[[], bool]) -> Receipt:
        try:
            with self._connection() as connection:
                is_fresh = not connection.served
                try:
                    receipt = connection.deliver(envelope, may_leave)
                except Unreachable:
                    if is_fresh:
                        raise
                    connection.open()  # a server may close an idle connection any time; nothing was handed over
                    receipt = connection.deliver(envelope, may_leave)
        except (Deferred, Rejected, Withheld):
            self._failures = 0
            raise
        self._failures = 0
        return receipt

    def check(self) -> str:
        """The server's greeting, after TLS and login. Raises Unreachable."""
        with self._connection() as connection:
            return connection.greeting

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection that works, kept for the next one when it still does afterwards."""
        with self._lock:
            connection = self._idle.pop() if self._idle else Connection(self, self._context)
        if not connection.is_alive():
            connection.open()
        try:
            yield connection
        except NotDelivered:
            raise
        except BaseException:
            connection.close()  # in the middle of a message: not to be used for another one
            raise
        finally:
            with self._lock:
                is_kept = connection.is_open and len(self._idle) < self.workers
                if is_kept:
                    self._idle.append(connection)
            if not is_kept:
                connection.close()


class Connection:
    """One conversation with the server; not to be shared by threads."""

    def __init__(self, channel: Smtp, context: ssl.SSLContext | None) -> None:
        self._channel = channel
        self._context = context
        self._smtp: smtplib.SMTP | None = None
        self._used_at = 0.0
        self.served = 0
        self.greeting = ""

    @property
    def is_open(self) -> bool:
        return self._smtp is not None

    def is_alive(self) -> bool:
        """Open, and not closed by the other side while nobody looked."""
        if self._smtp is None:
            return False
        if time.monotonic() - self._used_at < IDLE_SECONDS:
            return True
        try:
            return self._smtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def open(self) -> None:
        """Greet, go over to TLS, log in. Raises Unreachable."""
        self.close()
        server = self._channel.server
        try:
            self._smtp = self._greeted(server)
            if server.username:
                self._smtp.login(server.username, server.password)
            assert self._smtp.sock is not None
            self._smtp.sock.settimeout(COMMAND_SECONDS)
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            answer = words(error.smtp_error)
            raise Unreachable(f"The server refuses the user name or password: {error.smtp_code} {answer}") from None
        except smtplib.SMTPResponseException as error:
            self.close()
            raise Unreachable(f"The server answers {error.smtp_code} {words(error.smtp_error)}") from None
        except ssl.SSLError as error:
            self.close()
            reason = getattr(error, "verify_message", "") or error.reason or str(error)
            raise Unreachable(f"No secure connection to {server.host}:{server.port}: {words(reason)}") from None
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self.close()
            reason = words(str(error)) or type(error).__name__
            raise Unreachable(f"No connection to {server.host}:{server.port}: {reason}") from None
        self.served, self._used_at = 0, time.monotonic()

    def _greeted(self, server: Server) -> smtplib.SMTP:
        context = self._context or ssl.create_default_context()
        seconds = self._channel.connect_seconds
        if server.security == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=server.own_name, timeout=seconds, context=context)
        else:
            made = smtplib.SMTP(local_hostname=server.own_name, timeout=seconds)
        self._smtp = made
        made._host = server.host  # type: ignore[attr-defined]  # the name TLS checks; connect() does not set it
        code, banner = made.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, banner)
        self.greeting = f"{code} {words(banner)}"
        made.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            if not made.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS, and plain text is not allowed")
            made.starttls(context=context)
            made.ehlo()
        return made

    def deliver(self, envelope: Envelope, may_leave: Callable[[], bool]) -> Receipt:
        """See Channel.deliver. Afterwards the connection is ready for the next message, or closed."""
        smtp = self._smtp
        assert smtp is not None
        try:
            self._address(smtp, envelope)
            if not may_leave():
                self._reset(smtp)
                raise Withheld("The contact has opted out meanwhile.")
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(_lost(error)) from None
        try:
            code, answer = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Deferred(_lost(error)) from None  # no word of the message had been said
        if code != 354:
            self._refused(smtp, code, answer)
        code, answer = self._hand_over(smtp, envelope.data)
        if not 200 <= code < 300:
            self._refused(smtp, code, answer)
        self.served, self._used_at = self.served + 1, time.monotonic()
        return Receipt(f"{code} {words(answer)}")

    def _address(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        """MAIL and RCPT."""
        options = [f"SIZE={len(envelope.data)}"] if smtp.has_extn("size") else []
        if envelope.needs_utf8:
            if not smtp.has_extn("smtputf8"):
                raise Rejected("The server takes no addresses with letters beyond ASCII (SMTPUTF8).")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, answer = smtp.mail(envelope.sender, options)
        if code != 250:
            self._refused_sender(smtp, code, answer)
        code, answer = smtp.rcpt(envelope.recipient)
        if code not in (250, 251):
            self._refused(smtp, code, answer)

    def _hand_over(self, smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
        """The message and its final dot; the answer. Raises Doubtful when there is none."""
        stuffed = data.replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
        ending = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            smtp.send(stuffed + ending)
            assert smtp.sock is not None
            smtp.sock.settimeout(self._channel.final_seconds)
            code, answer = smtp.getreply()
            smtp.sock.settimeout(COMMAND_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Doubtful(f"The server took the message and gave no answer: {_lost(error)}") from None
        if code < 200:
            self.close()
            raise Doubtful(f"The server took the message and gave no answer one could read: {words(answer)}")
        return code, answer

    def _refused_sender(self, smtp: smtplib.SMTP, code: int, answer: bytes) -> None:
        """Whatever it says to MAIL is about us, not about the reader; only 4xx other than 421 may pass soon."""
        text = f"{code} {words(answer)}"
        if code == 552:
            self._reset(smtp)
            raise Rejected(text)
        if 400 <= code < 500 and code != 421:
            self._reset(smtp)
            raise Deferred(text)
        self.close()
        raise Unreachable(f"The server does not take mail from us: {text}")

    def _refused(self, smtp: smtplib.SMTP, code: int, answer: bytes) -> None:
        text = f"{code} {words(answer)}"
        if code == 421 or code < 200:
            self.close()
        else:
            self._reset(smtp)
        self._used_at = time.monotonic()
        if 500 <= code < 600:
            raise Rejected(text, is_bad_address=is_bad_address(text))
        raise Deferred(text)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Ready for the next message, or closed."""
        try:
            if smtp.rset()[0] != 250:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                if smtp.sock is not None:
                    smtp.sock.settimeout(2.0)
                    smtp.quit()
            except (OSError, smtplib.SMTPException):
                pass
            finally:
                smtp.close()


def own_name(base_url: str) -> str:
    """How we introduce ourselves: the public host name, or an address literal."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[{ip}]" if ip.version == 4 else f"[IPv6:{ip}]"


def _lost(error: Exception) -> str:
    return words(str(error)) or type(error).__name__
