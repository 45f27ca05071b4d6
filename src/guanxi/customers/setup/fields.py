"""Keeping the company's own fields: made, renamed, archived; their choices renamed on every customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.jobs import defer
from guanxi.customers.listing.own_indexes import ask_for_index
from guanxi.customers.models import Field
from guanxi.customers.setup.ordering import next_position
from guanxi.customers.setup.recording import tell
from guanxi.kit.text import clean

WITH_CHOICES = (Field.Kind.CHOICE, Field.Kind.MULTI_CHOICE)
MOST_CHOICES = 500
BATCH = 20_000
_RENAME = """
    WITH renamed AS (
        SELECT id FROM customers_customer
        WHERE id > %(after)s AND fields ->> %(key)s IS NOT NULL ORDER BY id LIMIT %(batch)s
    ), written AS (
        UPDATE customers_customer AS c
        SET fields = jsonb_set(c.fields, ARRAY[%(key)s], CASE
            WHEN jsonb_typeof(c.fields -> %(key)s) = 'array' THEN
                (SELECT jsonb_agg(CASE WHEN v = %(former)s THEN %(now)s ELSE v END)
                 FROM jsonb_array_elements_text(c.fields -> %(key)s) AS v)
            ELSE to_jsonb(%(now)s::text) END)
        FROM renamed AS r
        WHERE c.id = r.id
            AND (c.fields ->> %(key)s = %(former)s OR c.fields -> %(key)s @> to_jsonb(ARRAY[%(former)s::text]))
    )
    SELECT max(id) FROM renamed
"""


def create_field(
    *, name: str, kind: str, choices: Sequence[str] = (), help_text: str = "", is_required: bool = False, by: Actor
) -> Field:
    """Make a field; its index is built beside the work. Raises Refused for a name taken or choices missing."""
    name = _checked_name(name)
    wanted = _checked_choices(kind, choices)
    with transaction.atomic():
        field = Field.objects.create(
            slug=_slug(name),
            name=name,
            kind=kind,
            choices=wanted,
            help_text=clean(help_text)[:200],
            is_required=is_required,
            position=next_position(Field),
        )
        tell(field, "added", by=by, kind=kind)
        ask_for_index(field)
    return field


def edit_field(
    field: Field, *, name: str, choices: Sequence[tuple[str, str]], help_text: str, is_required: bool, by: Actor
) -> None:
    """Change a field. `choices` are (former, now): a renamed choice is renamed on every customer, a blank one is taken

    away (customers keep the value), a new one has no former. The kind stays: values would lose their meaning."""
    name = _checked_name(name, but=field)
    wanted = _checked_choices(field.kind, [now for _former, now in choices])
    renamed = [(former, clean(now)) for former, now in choices if former and clean(now) and former != clean(now)]
    with transaction.atomic():
        field.name, field.choices = name, wanted
        field.help_text, field.is_required = clean(help_text)[:200], is_required
        field.save(update_fields=["name", "choices", "help_text", "is_required"])
        tell(field, "edited", by=by, renamed=renamed)
        for former, now in renamed:
            defer("customers.rename_choice", lock=f"field:{field.pk}", field_id=field.pk, former=former, now=now)


def archive_field(field: Field, *, by: Actor, at: datetime) -> bool:
    """Hide the field everywhere and drop its index; values stay, for the day it is restored."""
    with transaction.atomic():
        changed = Field.objects.filter(pk=field.pk, archived_at=None).update(archived_at=at)
        if changed:
            field.archived_at = at
            tell(field, "archived", by=by)
            ask_for_index(field)
    return bool(changed)


def restore_field(field: Field, *, by: Actor) -> bool:
    """Show the field again; its index is built anew."""
    with transaction.atomic():
        changed = Field.objects.filter(pk=field.pk).exclude(archived_at=None).update(archived_at=None)
        if changed:
            field.archived_at = None
            tell(field, "restored", by=by)
            ask_for_index(field)
    return bool(changed)


def rename_choice(field: Field, former: str, now: str) -> None:
    """Rename a choice on every customer that has it, a batch a transaction."""
    after: int | None = 0
    while after is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            named: dict[str, str | int] = {
                "key": field.key,
                "former": former,
                "now": now,
                "after": after,
                "batch": BATCH,
            }
            cursor.execute(_RENAME, named)
            (after,) = cursor.fetchone()


def _checked_name(name: str, *, but: Field | None = None) -> str:
    name = clean(name)[:80]
    if not name:
        raise Refused(_("Give the field a name."), field="name")
    others = Field.objects.exclude(pk=but.pk) if but else Field.objects.all()
    taken = others.filter(name=name).first()
    if taken is not None and taken.archived_at is not None:
        raise Refused(_("An archived field has this name. Restore that one, or take another name."), field="name")
    if taken is not None:
        raise Refused(_("There is a field of this name already."), field="name")
    return name


def _checked_choices(kind: str, choices: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(cleaned for choice in choices if (cleaned := clean(choice)[:100])))
    if kind not in WITH_CHOICES:
        return []
    if not wanted:
        raise Refused(_("Give at least one choice, each on a line of its own."), field="choices")
    if len({choice.casefold() for choice in wanted}) < len(wanted):
        raise Refused(_("Two choices differ only in capitals. Keep one of them."), field="choices")
    if len(wanted) > MOST_CHOICES:
        raise Refused(_("A field has at most %(most)d choices.") % {"most": MOST_CHOICES}, field="choices")
    return wanted


def _slug(name: str) -> str:
    """What addresses call the field: its name, with no underscore, since `_from` and `_to` follow one."""
    base = slugify(name, allow_unicode=True).replace("_", "-")[:50].strip("-") or "field"
    slug, number = base, 1
    while Field.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
