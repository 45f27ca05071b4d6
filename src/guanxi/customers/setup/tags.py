"""Keeping tags: archive what is no longer given, bring it back, merge two that mean the same."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.jobs import defer
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.models import CustomerTag, Tag
from guanxi.customers.setup.recording import tell

BATCH = 5_000
AT_ONCE = 2_000


def archive_tag(tag: Tag, *, by: Actor, at: datetime) -> bool:
    """Customers keep the tag; nobody is given it any more."""
    with transaction.atomic():
        changed = Tag.objects.filter(pk=tag.pk, archived_at=None).update(archived_at=at)
        if changed:
            tell(tag, "archived", by=by)
    return bool(changed)


def restore_tag(tag: Tag, *, by: Actor) -> bool:
    """The tag can be given again."""
    with transaction.atomic():
        changed = Tag.objects.filter(pk=tag.pk).exclude(archived_at=None).update(archived_at=None)
        if changed:
            tell(tag, "restored", by=by)
    return bool(changed)


def ask_to_merge_tags(tag: Tag, into: Tag, *, by: Actor, at: datetime) -> bool:
    """Everybody with `tag` gets `into`, then `tag` is gone. Few at once; many by a job, and then False is returned."""
    if tag.pk == into.pk:
        raise Refused(_("Choose another tag to merge this one into."), field="into", code="same_tag")
    archive_tag(tag, by=by, at=at)
    if CustomerTag.objects.filter(tag=tag)[: AT_ONCE + 1].count() <= AT_ONCE:
        merge_tags(tag, into, by=by, at=at)
        return True
    defer("customers.merge_tags", tag_id=tag.pk, into_id=into.pk, by_kind=by.kind, by_id=by.id, by_label=by.label)
    return False


def merge_tags(tag: Tag, into: Tag, *, by: Actor, at: datetime) -> None:
    """Batch by batch; begun again after a crash it goes on where it stopped."""
    while ids := list(CustomerTag.objects.filter(tag=tag).values_list("customer_id", flat=True)[:BATCH]):
        with transaction.atomic():
            add_tag(ids, into, by=by, at=at, how=CustomerTag.How.BULK)
            remove_tag(ids, tag, by=by, at=at)
    with transaction.atomic():
        tell(tag, "merged", by=by, into=into.pk, into_name=into.name)
        Tag.objects.filter(pk=tag.pk).delete()
