"""Mails to members: posted in the caller's transaction, carried by a job, sealed while they wait.

A mail may hold a link that opens an account, and the queue keeps the arguments of jobs, so they are sealed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

from guanxi.core.jobs import defer
from guanxi.staff.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain-text mail to one person."""

    to: str
    subject: str
    text: str


def post(mail: Mail) -> None:
    """Queue a mail in the caller's transaction."""
    defer("staff.send_mail", sealed=seal(json.dumps(asdict(mail))))


def send(sealed: str) -> None:
    """Hand a sealed mail to the mail server. Raises OSError or SMTPException when it can't be reached."""
    mail = Mail(**json.loads(unseal(sealed)))
    EmailMessage(mail.subject, mail.text, to=[mail.to]).send()


def base_url(request: HttpRequest) -> str:
    """Where people reach this installation: GUANXI_PUBLIC_URL, else the address that this request came to."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
