"""Rows that cells name by words: stages, owners, sources, tags and own fields, read once per import."""

from __future__ import annotations

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guanxi.customers.imports.plan import Plan
from guanxi.customers.imports.rows import Problem
from guanxi.customers.models import Field, Source, Stage, Tag, TagGroup
from guanxi.staff.models import Member


class Lookups:
    """What words mean here. Sources and tags that nobody has used yet are made; stages and owners are not."""

    def __init__(self, plan: Plan) -> None:
        wanted = [column.detail for column in plan.columns if column.family == "field"]
        self.fields = {field.key: field for field in Field.objects.filter(pk__in=wanted)}
        self.stages = {stage.name.casefold(): stage for stage in Stage.objects.all()}
        self.stage_of = {stage.pk: stage for stage in self.stages.values()}
        self.default_stage_id = next((stage.pk for stage in self.stages.values() if stage.is_default), None)
        self.owners: dict[str, Member | None] = {}
        if plan.has("owner"):
            self._know_owners()
        self.owner_of = {member.pk: member for member in self.owners.values() if member is not None}
        self._sources: dict[str, int] = {}
        self._tags: dict[str, Tag] = {}

    def find(self, family: str, word: str) -> int | Problem:
        """The id of the stage or owner that a word names."""
        key = word.casefold()
        if family == "stage":
            stage = self.stages.get(key)
            return stage.pk if stage else Problem("stage_unknown", _("There is no stage “%(word)s”.") % {"word": word})
        if key not in self.owners:
            return Problem("owner_unknown", _("Nobody here is called “%(word)s”.") % {"word": word})
        found = self.owners[key]
        if found is None:
            return Problem(
                "owner_ambiguous", _("Several people are called “%(word)s”; write the e-mail.") % {"word": word}
            )
        return found.pk

    def source(self, word: str) -> int:
        """The id of the source of this name, made if there is none. Within the batch's transaction."""
        key = word.casefold()
        if key not in self._sources:
            found = Source.objects.filter(name__iexact=word).first()
            self._sources[key] = (found or self._make_source(word)).pk
        return self._sources[key]

    def tag(self, word: str) -> Tag:
        """The tag of this name, made in the group of imported tags if there is none. Within the batch's transaction."""
        key = word.casefold()
        if key not in self._tags:
            known = Tag.objects.filter(name__iexact=word, archived_at=None).select_related("group").order_by("pk")
            self._tags[key] = known.first() or self._make_tag(word)
        return self._tags[key]

    def forget_made(self) -> None:
        """What was made in a transaction that did not commit must be looked up again."""
        self._sources.clear()
        self._tags.clear()

    def _know_owners(self) -> None:
        for member in Member.objects.active():
            name = member.name.casefold()
            self.owners[name] = None if name in self.owners else member
        for member in Member.objects.active():
            self.owners[member.email.casefold()] = member

    @staticmethod
    def _make_source(name: str) -> Source:
        stem = slugify(name, allow_unicode=True)[:70] or "source"
        taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug = next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if each not in taken)
        return Source.objects.create(name=name, slug=slug)

    @staticmethod
    def _make_tag(name: str) -> Tag:
        last = TagGroup.objects.aggregate(last=Max("position"))["last"]
        group, _is_new = TagGroup.objects.get_or_create(name=_("Imported"), defaults={"position": (last or 0) + 1})
        tag, _is_new = Tag.objects.get_or_create(group=group, name=name)
        return tag
