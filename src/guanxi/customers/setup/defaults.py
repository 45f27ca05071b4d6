"""What a new company finds set up, in the language of whoever founded it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.customers.models import RelationshipKind, Source, Stage
from guanxi.customers.setup.ordering import STEP


def seed(language: str) -> None:
    """Stages, relationship kinds and sources for a company that has none of them; what is there is left alone."""
    with transaction.atomic(), override(language):
        if not Stage.objects.exists():
            Stage.objects.bulk_create(
                Stage(name=name, color=color, position=place * STEP, is_default=place == 1)
                for place, (name, color) in enumerate(_stages(), start=1)
            )
        if not Source.objects.exists():
            Source.objects.bulk_create(Source(slug=slug, name=name) for slug, name in _sources())
        if not RelationshipKind.objects.exists():
            RelationshipKind.objects.bulk_create(
                RelationshipKind(slug=slug, name=name, reverse_name=reverse, position=place * STEP)
                for place, (slug, name, reverse) in enumerate(_kinds(), start=1)
            )


def _stages() -> list[tuple[str, str]]:
    return [
        (_("New"), "grey"),
        (_("In contact"), "cyan"),
        (_("First order"), "blue"),
        (_("Regular"), "green"),
        (_("Lapsed"), "orange"),
        (_("Lost"), "red"),
    ]


def _sources() -> list[tuple[str, str]]:
    return [
        ("shop", _("Shop")),
        ("website", _("Web site")),
        ("wechat", _("WeChat")),
        ("referral", _("Referral")),
        ("fair", _("Fair")),
        ("phone", _("Phone call")),
    ]


def _kinds() -> list[tuple[str, str, str]]:
    return [
        ("referred", _("Referred"), _("Referred by")),
        ("follows", _("Follows"), _("Followed by")),
        ("colleague", _("Colleague"), ""),
        ("family", _("Family"), ""),
        ("same-group", _("Same group"), ""),
        ("friend", _("Friend"), ""),
    ]
