"""The last administrator can't lock everybody out, not even when two try at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused
from guanxi.staff.models import Member

_LOCK = 0x67780001  # "gx" and a number: the advisory lock of everything that may take an administrator away


class LastAdministrator(Refused):
    """The act would leave nobody who may do everything."""

    code = "last_administrator"
    status = 409


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """A transaction after which an active administrator is left, or it is undone with LastAdministrator.

    A row lock would not do: two transactions that each take away another administrator touch different rows and
    neither sees the other's change. So all such acts queue for one advisory lock, held until the transaction ends.
    """
    with transaction.atomic():
        queue_for(_LOCK)
        had_one = _is_administered()
        yield
        if had_one and not _is_administered():
            raise LastAdministrator(
                _("Nobody would be left who may administer everything. Make somebody else an administrator first.")
            )


def queue_for(lock: int) -> None:
    """Wait for an advisory lock, held until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _is_administered() -> bool:
    return Member.objects.get_queryset().administrators().exists()
