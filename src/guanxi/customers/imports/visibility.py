"""Whose imports a member may see."""

from __future__ import annotations

from django.db.models import QuerySet

from guanxi.customers.models import Import
from guanxi.staff.models import Member


def imports_visible_to(member: Member) -> QuerySet[Import]:
    """One's own imports and those of the colleagues within one's scope, newest first.

    A file holds phones and e-mails as they are, so those for whom contacts are masked see only what they
    uploaded themselves.
    """
    found = Import.objects.select_related("member", "progress").order_by("-id")
    if member.masks_contacts:
        return found.filter(member=member)
    seen = member.visible_member_ids()
    return found if seen is None else found.filter(member__in=seen)


def may_undo(imported: Import, member: Member) -> bool:
    """One's own imports by the right to import, a colleague's by the right to delete imports."""
    if imported.member_id == member.pk and member.can("imports", "edit"):
        return True
    return member.can("imports", "delete")
