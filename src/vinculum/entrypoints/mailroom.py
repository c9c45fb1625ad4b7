"""The mailroom as this installation has it: its mail server or the emulator's folder, and the address of its pages."""

from functools import cache
from pathlib import Path

from django.conf import settings

from vinculum.national.mailroom.mail import Mailer, MailFolder, NoMailer, SmtpMailer
from vinculum.national.mailroom.send_out import Mailroom
from vinculum.national.mailroom.webhook import WebhookCaller


@cache
def mailroom() -> Mailroom:
    """Made once per process."""
    return Mailroom(
        mailer=_mailer(), caller=WebhookCaller(), sender=settings.MAIL_FROM, site=settings.SITE_ADDRESS
    )


def emulator() -> MailFolder | None:
    """The emulator's folder; None where mail is really sent."""
    return MailFolder(directory=Path(settings.DATA_DIR) / "mailbox") if settings.MAIL == "emulator" else None


def _mailer() -> Mailer:
    folder = emulator()
    if folder is not None:
        return folder
    if not settings.MAIL:
        return NoMailer()
    return SmtpMailer(server=settings.MAIL, login=settings.MAIL_LOGIN, password=settings.MAIL_PASSWORD)
