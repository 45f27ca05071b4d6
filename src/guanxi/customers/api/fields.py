"""The company's own fields."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from guanxi.core import clock
from guanxi.customers.api.setting_shapes import FieldIn, FieldOut, FieldPatch, Order
from guanxi.customers.models import Field
from guanxi.customers.setup.fields import archive_field, create_field, edit_field, restore_field
from guanxi.customers.setup.ordering import put_in_order
from guanxi.staff.api_auth import require

router = Router(tags=["settings"])


@router.get("/fields", response=list[FieldOut], summary="The company's own fields in order")
def list_fields(request: HttpRequest, is_archived: bool = False) -> QuerySet[Field]:
    require(request, "customers", "see")
    return Field.objects.filter(archived_at__isnull=not is_archived)


@router.post("/fields", response={201: FieldOut}, summary="Make a field")
def create(request: HttpRequest, wanted: FieldIn) -> Status[Field]:
    """It is a filter and a column of the list at once; its index is built in the background."""
    who = require(request, "settings", "edit")
    return Status(201, create_field(**wanted.model_dump(), by=who.actor))


@router.patch("/fields/{int:pk}", response=FieldOut, summary="Change, archive or restore a field")
def change(request: HttpRequest, pk: int, changes: FieldPatch) -> Field:
    """The values of an archived field are kept, and are back when it is restored."""
    by = require(request, "settings", "edit").actor
    field = get_object_or_404(Field, pk=pk)
    said = {name: value for name, value in changes.model_dump().items() if value is not None}
    is_archived, renamed = said.pop("is_archived", None), said.pop("renamed_choices")
    with transaction.atomic():
        if said or renamed:
            choices = [(choice, choice) for choice in said.pop("choices", field.choices)]
            edit_field(
                field,
                name=said.get("name", field.name),
                choices=[(former, renamed.get(former, now)) for former, now in choices],
                help_text=said.get("help_text", field.help_text),
                is_required=said.get("is_required", field.is_required),
                by=by,
            )
        if is_archived is True:
            archive_field(field, by=by, at=clock.now())
        elif is_archived is False:
            restore_field(field, by=by)
    return Field.objects.get(pk=pk)


@router.put("/fields/order", response=list[FieldOut], summary="Put the fields in order")
def order(request: HttpRequest, wanted: Order) -> QuerySet[Field]:
    require(request, "settings", "edit")
    put_in_order(Field, wanted.ids)
    return Field.objects.filter(archived_at=None)
