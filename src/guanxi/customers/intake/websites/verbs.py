"""Adding, changing and archiving the web sites that carry the snippet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.customers.events import WEBSITE_ADDED, WEBSITE_ARCHIVED, WEBSITE_CHANGED, WEBSITE_RETURNED
from guanxi.customers.models import Website
from guanxi.kit.text import clean

MOST_ORIGINS = 50
LONGEST_NAME = 80
_PORTS = {"http": 80, "https": 443}


class UnfitWebsite(Refused):
    """A name that is missing or taken, or an address that is none."""

    code = "unfit_website"


def add_website(*, name: str, origins: Sequence[str], needs_consent: bool, trusts_pages: bool, by: Actor) -> Website:
    """A new site with a key of its own. Raises UnfitWebsite, naming the field."""
    website = Website(
        name=_name(name),
        key=secrets.token_hex(10),
        origins=clean_origins(origins),
        needs_consent=needs_consent,
        trusts_pages=trusts_pages,
    )
    with transaction.atomic():
        _save(website)
        _record(WEBSITE_ADDED, website, by)
    return website


def change_website(
    website: Website,
    *,
    by: Actor,
    name: str | None = None,
    origins: Sequence[str] | None = None,
    needs_consent: bool | None = None,
    trusts_pages: bool | None = None,
) -> Website:
    """Change what is not None. Nothing changed: nothing is recorded. Raises UnfitWebsite, naming the field."""
    wanted: dict[str, Any] = {
        "name": None if name is None else _name(name),
        "origins": None if origins is None else clean_origins(origins),
        "needs_consent": needs_consent,
        "trusts_pages": trusts_pages,
    }
    changes = {
        field: [getattr(website, field), value]
        for field, value in wanted.items()
        if value is not None and getattr(website, field) != value
    }
    if changes:
        for field, (_before, after) in changes.items():
            setattr(website, field, after)
        with transaction.atomic():
            _save(website, *changes)
            _record(WEBSITE_CHANGED, website, by, changes=changes)
    return website


def archive_website(website: Website, *, by: Actor, at: datetime) -> bool:
    """Its pages are no longer listened to; False when they were not. What they told stays."""
    return _archive(website, at, WEBSITE_ARCHIVED, by)


def return_website(website: Website, *, by: Actor) -> bool:
    """Listen to an archived site again; False when it is in use."""
    return _archive(website, None, WEBSITE_RETURNED, by)


def clean_origins(written: Sequence[str]) -> list[str]:
    """Addresses as browsers write an origin: scheme, host, and the port where it is not the usual one.

    Raises UnfitWebsite, naming the first that is none.
    """
    origins = list(dict.fromkeys(_origin(each) for each in written if each.strip()))
    if not origins:
        raise UnfitWebsite(_("Say at which address the site is, such as https://shop.example.com."), field="origins")
    if len(origins) > MOST_ORIGINS:
        raise UnfitWebsite(_("A site has at most %(most)d addresses.") % {"most": MOST_ORIGINS}, field="origins")
    return origins


def _origin(written: str) -> str:
    text = written.strip().lower()
    text = text if "://" in text else f"https://{text}"
    unusable = UnfitWebsite(
        _("“%(address)s” is not the address of a site. Write it as https://shop.example.com.")
        % {"address": written.strip()[:80]},
        field="origins",
    )
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise unusable from None
    plain = host.removeprefix("*.")
    if parts.scheme not in _PORTS or not plain or parts.username or not set(plain) <= _HOST or len(host) > 200:
        raise unusable
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")


_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:")


def _name(written: str) -> str:
    name = clean(written)
    if not name or len(name) > LONGEST_NAME:
        raise UnfitWebsite(
            _("Give the site a name of at most %(most)d letters.") % {"most": LONGEST_NAME}, field="name"
        )
    return name


def _save(website: Website, *fields: str) -> None:
    try:
        with transaction.atomic():
            website.save(update_fields=fields or None)
    except IntegrityError:
        raise UnfitWebsite(
            _("There is a site called “%(name)s” already.") % {"name": website.name}, field="name", status=409
        ) from None


def _archive(website: Website, at: datetime | None, event: str, by: Actor) -> bool:
    with transaction.atomic():
        moved = Website.objects.filter(pk=website.pk, archived_at__isnull=at is not None).update(archived_at=at)
        if moved:
            website.archived_at = at
            _record(event, website, by)
    return bool(moved)


def _record(name: str, website: Website, by: Actor, **more: Any) -> None:
    events.record(name, by=by, payload={"website_id": website.pk, "name": website.name, **more})
