"""Background work of staff."""

from __future__ import annotations

from guanxi.core.jobs import job
from guanxi.staff import mail


@job("staff.send_mail", retries=6)
def send_mail(sealed: str) -> None:
    """Send one mail; a mail server that can't be reached is tried again for two minutes."""
    mail.send(sealed)
