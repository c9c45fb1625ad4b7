"""E-mail as the exchange sends it: by SMTP, or into a folder that is the emulator of a mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from vinculum.national.mailroom.queue import Outgoing
from vinculum.national.mailroom.webhook import NotDelivered

_SECONDS: Final = 10.0
_MOST_KEPT: Final = 200
# Facts that say nothing to people.
_FOR_PROGRAMS: Final = frozenset({"event", "alert_id", "posted_at"})


class Mailer(Protocol):
    """Whoever takes mail."""

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises NotDelivered."""


def compose(owed: Outgoing, *, sender: str, site: str) -> EmailMessage:
    """The mail of a piece: its subject, its facts line by line, and a link. There is nothing else to tell."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = owed.address
    message["Subject"] = " ".join(owed.subject.split())
    message["Date"] = format_datetime(owed.created_at)
    message["Message-ID"] = make_msgid(idstring=str(owed.outgoing_id), domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    lines = [
        f"{name.capitalize()}: {' '.join(str(value).split())}"
        for name, value in owed.facts.items()
        if name not in _FOR_PROGRAMS
    ]
    message.set_content("\n".join([*lines, "", f"Read it at {site.rstrip('/')}{owed.link}", ""]))
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpMailer:
    """A mail server: `smtps://host:465`, or `smtp://host:587`, which must offer STARTTLS. `login` may be empty."""

    server: str
    login: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"SmtpMailer({self.server})"

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over, encrypted, to a server that proves its name. Raises NotDelivered."""
        parts = urlsplit(self.server)
        host, trusts = str(parts.hostname), ssl.create_default_context()
        try:
            if parts.scheme == "smtps":
                with smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SECONDS, context=trusts) as server:
                    self._hand_over(server, message)
            else:
                with smtplib.SMTP(host, parts.port or 587, timeout=_SECONDS) as server:
                    server.starttls(context=trusts)
                    self._hand_over(server, message)
        except (OSError, smtplib.SMTPException) as fault:
            raise NotDelivered(f"The mail server did not take it: {type(fault).__name__}.") from fault

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self.login:
            server.login(self.login, self.password)
        server.send_message(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFolder:
    """The emulator: takes every mail into a folder and sends none. For demonstrations and tests."""

    directory: Path

    def send(self, message: EmailMessage) -> None:
        """Lay one mail down; the oldest beyond two hundred go."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        named = "".join(sign for sign in str(message["Message-ID"]) if sign.isalnum())[:80]
        arriving = self.directory / f".{named}"
        arriving.write_bytes(message.as_bytes())
        arriving.replace(self.directory / f"{named}.eml")
        for old in self._newest_first()[_MOST_KEPT:]:
            old.unlink(missing_ok=True)

    def mails(self) -> tuple[EmailMessage, ...]:
        """What lies there, the newest first."""
        reader = BytesParser(EmailMessage, policy=policy.default)
        return tuple(reader.parsebytes(path.read_bytes()) for path in self._newest_first())

    def _newest_first(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        return sorted(self.directory.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMailer:
    """No mail server is set: what is owed waits, and says why."""

    def send(self, message: EmailMessage) -> None:
        """Nothing can be handed over."""
        raise NotDelivered("No mail server is set (VINCULUM_MAIL).")
