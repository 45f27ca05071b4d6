"""What the company defines: tags in groups, stages, sources, kinds of relationship. Fields have a file of their own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.customers.api import setting_shapes as shapes
from guanxi.customers.models import RelationshipKind, Source, Stage, Tag, TagGroup
from guanxi.customers.setup.forms import RelationshipKindForm, SourceForm, StageForm, TagForm, TagGroupForm
from guanxi.customers.setup.ordering import next_position, put_in_order
from guanxi.customers.setup.recording import tell
from guanxi.customers.setup.tags import archive_tag, ask_to_merge_tags, restore_tag
from guanxi.customers.setup.usage import is_used
from guanxi.staff.api_auth import require

router = Router(tags=["settings"])

_FORMS: dict[Any, Any] = {
    Stage: StageForm,
    Source: SourceForm,
    RelationshipKind: RelationshipKindForm,
    TagGroup: TagGroupForm,
    Tag: TagForm,
}


@router.get("/tag-groups", response=list[shapes.TagGroupOut], summary="Tag groups in order")
def list_tag_groups(request: HttpRequest) -> QuerySet[TagGroup]:
    require(request, "customers", "see")
    return TagGroup.objects.all()


@router.post("/tag-groups", response={201: shapes.TagGroupOut}, summary="Add a tag group")
def create_tag_group(request: HttpRequest, wanted: shapes.TagGroupIn) -> Status[TagGroup]:
    by = require(request, "settings", "edit").actor
    return Status(201, _keep(by, TagGroup(position=next_position(TagGroup)), wanted))


@router.patch("/tag-groups/{int:pk}", response=shapes.TagGroupOut, summary="Change a tag group")
def change_tag_group(request: HttpRequest, pk: int, changes: shapes.TagGroupPatch) -> TagGroup:
    """A group made exclusive leaves alone who carries several of its tags."""
    by = require(request, "settings", "edit").actor
    group: TagGroup = _keep(by, get_object_or_404(TagGroup, pk=pk), changes)
    return group


@router.delete("/tag-groups/{int:pk}", response={204: None}, summary="Delete an empty tag group")
def delete_tag_group(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "settings", "edit").actor
    group = get_object_or_404(TagGroup, pk=pk)
    return _remove(group, by, is_used=Tag.objects.filter(group=group).exists())


@router.get("/tags", response=list[shapes.TagOut], summary="Tags, group by group")
def list_tags(request: HttpRequest, group_id: int | None = None, is_archived: bool = False) -> QuerySet[Tag]:
    require(request, "customers", "see")
    tags = Tag.objects.filter(archived_at__isnull=not is_archived)
    return tags if group_id is None else tags.filter(group_id=group_id)


@router.post("/tags", response={201: shapes.TagOut}, summary="Add a tag")
def create_tag(request: HttpRequest, wanted: shapes.TagIn) -> Status[Tag]:
    by = require(request, "settings", "edit").actor
    return Status(201, _keep(by, Tag(position=next_position(Tag)), wanted, {"group": wanted.group_id}))


@router.patch("/tags/{int:pk}", response=shapes.TagOut, summary="Rename, move, archive or restore a tag")
def change_tag(request: HttpRequest, pk: int, changes: shapes.TagPatch) -> Tag:
    """Customers keep an archived tag; nobody is given it any more."""
    by = require(request, "settings", "edit").actor
    tag = get_object_or_404(Tag, pk=pk)
    with transaction.atomic():
        if changes.name is not None or changes.group_id is not None:
            _keep(by, tag, changes, {"group": changes.group_id or tag.group_id})
        if changes.is_archived is True:
            archive_tag(tag, by=by, at=clock.now())
        elif changes.is_archived is False:
            restore_tag(tag, by=by)
    return Tag.objects.get(pk=pk)


@router.delete("/tags/{int:pk}", response={204: None}, summary="Delete a tag that nobody carries")
def delete_tag(request: HttpRequest, pk: int) -> Status[None]:
    """One in use is archived instead, with PATCH, or merged into another."""
    by = require(request, "settings", "edit").actor
    tag = get_object_or_404(Tag, pk=pk)
    return _remove(tag, by, is_used=is_used(Tag._meta.db_table, pk))


@router.post("/tags/{int:pk}/merge", response={202: None, 204: None}, summary="Merge a tag into another")
def merge_tag(request: HttpRequest, pk: int, wanted: shapes.TagMerge) -> Status[None]:
    """Everybody with the tag gets the other, then it is gone: at once (204), or in the background when many (202)."""
    by = require(request, "settings", "edit").actor
    tags = Tag.objects.select_related("group")
    into = tags.filter(pk=wanted.into_id, archived_at=None).first()
    if into is None:
        raise Refused(_("That tag is gone."), field="into_id", code="gone")
    is_done = ask_to_merge_tags(get_object_or_404(tags, pk=pk), into, by=by, at=clock.now())
    return Status(204 if is_done else 202, None)


@router.get("/stages", response=list[shapes.StageOut], summary="Stages in order")
def list_stages(request: HttpRequest) -> QuerySet[Stage]:
    require(request, "customers", "see")
    return Stage.objects.all()


@router.post("/stages", response={201: shapes.StageOut}, summary="Add a stage at the end")
def create_stage(request: HttpRequest, wanted: shapes.StageIn) -> Status[Stage]:
    by = require(request, "settings", "edit").actor
    return Status(201, _keep(by, Stage(position=next_position(Stage)), wanted))


@router.patch("/stages/{int:pk}", response=shapes.StageOut, summary="Change a stage")
def change_stage(request: HttpRequest, pk: int, changes: shapes.StagePatch) -> Stage:
    by = require(request, "settings", "edit").actor
    stage: Stage = _keep(by, get_object_or_404(Stage, pk=pk), changes)
    return stage


@router.put("/stages/{int:pk}/default", response=shapes.StageOut, summary="Let new customers begin at a stage")
def make_default_stage(request: HttpRequest, pk: int) -> Stage:
    by = require(request, "settings", "edit").actor
    with transaction.atomic():
        stage = get_object_or_404(Stage.objects.select_for_update(), pk=pk)
        if not stage.is_default:
            Stage.objects.filter(is_default=True).update(is_default=False)
            stage.is_default = True
            stage.save(update_fields=["is_default"])
            tell(stage, "made_default", by=by)
    return stage


@router.put("/stages/order", response=list[shapes.StageOut], summary="Put the stages in order")
def order_stages(request: HttpRequest, wanted: shapes.Order) -> QuerySet[Stage]:
    require(request, "settings", "edit")
    put_in_order(Stage, wanted.ids)
    return Stage.objects.all()


@router.delete("/stages/{int:pk}", response={204: None}, summary="Delete a stage that nobody is in")
def delete_stage(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "settings", "edit").actor
    stage = get_object_or_404(Stage, pk=pk)
    return _remove(stage, by, is_used=is_used(Stage._meta.db_table, pk))


@router.get("/sources", response=list[shapes.SourceOut], summary="Sources by name")
def list_sources(request: HttpRequest) -> QuerySet[Source]:
    require(request, "customers", "see")
    return Source.objects.all()


@router.post("/sources", response={201: shapes.SourceOut}, summary="Add a source")
def create_source(request: HttpRequest, wanted: shapes.SourceIn) -> Status[Source]:
    by = require(request, "settings", "edit").actor
    return Status(201, _keep(by, Source(), wanted))


@router.patch("/sources/{int:pk}", response=shapes.SourceOut, summary="Rename a source")
def change_source(request: HttpRequest, pk: int, changes: shapes.SourcePatch) -> Source:
    by = require(request, "settings", "edit").actor
    source: Source = _keep(by, get_object_or_404(Source, pk=pk), changes)
    return source


@router.delete("/sources/{int:pk}", response={204: None}, summary="Delete a source that nobody came from")
def delete_source(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "settings", "edit").actor
    source = get_object_or_404(Source, pk=pk)
    return _remove(source, by, is_used=is_used(Source._meta.db_table, pk))


@router.get("/relationship-kinds", response=list[shapes.KindOut], summary="Kinds of relationship in order")
def list_kinds(request: HttpRequest) -> QuerySet[RelationshipKind]:
    require(request, "customers", "see")
    return RelationshipKind.objects.all()


@router.post("/relationship-kinds", response={201: shapes.KindOut}, summary="Add a kind of relationship")
def create_kind(request: HttpRequest, wanted: shapes.KindIn) -> Status[RelationshipKind]:
    by = require(request, "settings", "edit").actor
    return Status(201, _keep(by, RelationshipKind(position=next_position(RelationshipKind)), wanted))


@router.patch("/relationship-kinds/{int:pk}", response=shapes.KindOut, summary="Change a kind of relationship")
def change_kind(request: HttpRequest, pk: int, changes: shapes.KindPatch) -> RelationshipKind:
    by = require(request, "settings", "edit").actor
    kind: RelationshipKind = _keep(by, get_object_or_404(RelationshipKind, pk=pk), changes)
    return kind


@router.delete("/relationship-kinds/{int:pk}", response={204: None}, summary="Delete a kind that nothing is of")
def delete_kind(request: HttpRequest, pk: int) -> Status[None]:
    by = require(request, "settings", "edit").actor
    kind = get_object_or_404(RelationshipKind, pk=pk)
    return _remove(kind, by, is_used=is_used(RelationshipKind._meta.db_table, pk))


def _keep(by: Actor, row: Any, told: Schema, more: dict[str, Any] | None = None) -> Any:
    """Save what was told through the form of the page; what was left out, or null, stays. Raises Refused."""
    form_class = _FORMS[type(row)]
    is_new = row.pk is None
    former = {name: row.serializable_value(name) for name in form_class.base_fields}
    said = {name: value for name, value in told.model_dump().items() if value is not None} | (more or {})
    form = form_class(former | {name: said[name] for name in former if name in said}, instance=row)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Refused(errors[0], code="unfit_setting", field="" if field == "__all__" else field)
    with transaction.atomic():
        kept = form.save()
        tell(kept, "added" if is_new else "edited", by=by)
    return kept


def _remove(row: Any, by: Actor, *, is_used: bool) -> Status[None]:
    if is_used:
        raise Refused(_("“%(name)s” is in use, so it stays.") % {"name": row}, code="in_use", status=409)
    with transaction.atomic():
        tell(row, "removed", by=by)
        row.delete()
    return Status(204, None)
