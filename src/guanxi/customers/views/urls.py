"""Addresses of one customer: the parts of the 360° page, and what is done there."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.customers.panels import collaborators, contact, details, figures, follow_ups, history, relationships
from guanxi.customers.views import attachments, creation, head, notes, pickers, timeline

_ONE = "customers/<int:customer_id>/"

urlpatterns: list[URLPattern] = [
    path("customers/new/", creation.customer_new, name="customer_new"),
    path("customers/new/check/", creation.duplicate_check, name="duplicate_check"),
    path("customers/suggestions/", pickers.customers, name="customer_suggestions"),
    path("customers/colleagues/", pickers.colleagues, name="colleague_suggestions"),
    path(f"{_ONE}head/", head.head, name="customer_head"),
    path(f"{_ONE}tags/", head.tags, name="customer_tags"),
    path(f"{_ONE}tags/<int:tag_id>/removal/", head.tag_removal, name="customer_tag_removal"),
    path(f"{_ONE}tags/<int:tag_id>/return/", head.tag_return, name="customer_tag_return"),
    path(f"{_ONE}stage/", head.stage, name="customer_stage"),
    path(f"{_ONE}owner/", head.owner, name="customer_owner"),
    path(f"{_ONE}timeline/", timeline.timeline, name="customer_timeline"),
    path(f"{_ONE}notes/", notes.notes, name="customer_notes"),
    path(f"{_ONE}notes/<int:note_id>/", notes.note, name="customer_note"),
    path(f"{_ONE}notes/<int:note_id>/removal/", notes.note_removal, name="customer_note_removal"),
    path(f"{_ONE}notes/<int:note_id>/return/", notes.note_return, name="customer_note_return"),
    path(f"{_ONE}notes/<int:note_id>/pin/", notes.note_pin, name="customer_note_pin"),
    path("attachments/<int:attachment_id>/", attachments.attachment, name="attachment"),
    path(f"{_ONE}contact/", contact.contact, name="customer_contact"),
    path(f"{_ONE}identities/", contact.add, name="customer_identities"),
    path(f"{_ONE}identities/return/", contact.restore, name="customer_identity_restore"),
    path(f"{_ONE}identities/<int:identity_id>/removal/", contact.remove, name="customer_identity_removal"),
    path(f"{_ONE}identities/<int:identity_id>/primary/", contact.prefer, name="customer_identity_primary"),
    path(f"{_ONE}details/", details.details, name="customer_details"),
    path(f"{_ONE}fields/<str:name>/", details.edit, name="customer_field"),
    path(f"{_ONE}figures/", figures.figures, name="customer_figures"),
    path(f"{_ONE}follow-ups/", follow_ups.follow_ups, name="customer_follow_ups"),
    path(f"{_ONE}follow-ups/new/", follow_ups.add, name="customer_follow_up_new"),
    path("follow-ups/<int:follow_up_id>/done/", follow_ups.done, name="follow_up_done"),
    path("follow-ups/<int:follow_up_id>/reopen/", follow_ups.reopen, name="follow_up_reopen"),
    path("follow-ups/<int:follow_up_id>/snooze/", follow_ups.snooze, name="follow_up_snooze"),
    path("follow-ups/<int:follow_up_id>/passing/", follow_ups.pass_on, name="follow_up_pass_on"),
    path(f"{_ONE}relationships/", relationships.relationships, name="customer_relationships"),
    path(f"{_ONE}relationships/new/", relationships.add, name="customer_relationship_new"),
    path(
        f"{_ONE}relationships/<int:relationship_id>/removal/",
        relationships.remove,
        name="customer_relationship_removal",
    ),
    path(
        f"{_ONE}relationships/<int:other_id>/<str:kind>/return/",
        relationships.restore,
        name="customer_relationship_restore",
    ),
    path(f"{_ONE}collaborators/", collaborators.collaborators, name="customer_collaborators"),
    path(f"{_ONE}collaborators/new/", collaborators.add, name="customer_collaborator_new"),
    path(
        f"{_ONE}collaborators/<int:member_id>/removal/",
        collaborators.remove,
        name="customer_collaborator_removal",
    ),
    path(
        f"{_ONE}collaborators/<int:member_id>/return/",
        collaborators.restore,
        name="customer_collaborator_restore",
    ),
    path(f"{_ONE}ownership/", history.ownership, name="customer_ownership"),
    path(f"{_ONE}merges/", history.merges, name="customer_merges"),
]
