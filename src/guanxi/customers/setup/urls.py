"""Addresses of the settings of customers."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.models import Field, RelationshipKind, Stage, Tag, TagGroup
from guanxi.customers.setup.views import fields, simple, tags

urlpatterns: list[URLPattern] = [
    path("settings/tags/", tags.tags, name="tags"),
    path("settings/tags/order/", simple.order(Tag, "tags"), name="tags_order"),
    path("settings/tags/groups/order/", simple.order(TagGroup, "tags"), name="tag_groups_order"),
    path("settings/tags/groups/<int:pk>/", tags.tag_group, name="tag_group"),
    path("settings/tags/<int:pk>/", tags.tag, name="tag"),
    path("settings/fields/", fields.fields, name="fields"),
    path("settings/fields/new/", fields.field_new, name="field_new"),
    path("settings/fields/order/", simple.order(Field, "fields"), name="fields_order"),
    path("settings/fields/<int:pk>/", fields.field, name="field"),
    path("settings/stages/", simple.rows(simple.STAGES), name="stages"),
    path("settings/stages/order/", simple.order(Stage, "stages"), name="stages_order"),
    path("settings/stages/<int:pk>/", simple.row(simple.STAGES), name="stages_row"),
    path("settings/sources/", simple.rows(simple.SOURCES), name="sources"),
    path("settings/sources/<int:pk>/", simple.row(simple.SOURCES), name="sources_row"),
    path("settings/relationships/", simple.rows(simple.RELATIONSHIP_KINDS), name="relationship_kinds"),
    path(
        "settings/relationships/order/",
        simple.order(RelationshipKind, "relationship_kinds"),
        name="relationship_kinds_order",
    ),
    path("settings/relationships/<int:pk>/", simple.row(simple.RELATIONSHIP_KINDS), name="relationship_kinds_row"),
]
