"""The sentences of the events that customers record, and of those that shops and web pages tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core.models import Event
from guanxi.customers import events
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Identity
from guanxi.customers.panels.labels import label_of
from guanxi.customers.panels.sentences import Reader, Sentence, facts_of, text_of, told
from guanxi.design import formats

_PURCHASE_FACTS = {
    "quantity": gettext_lazy("Quantity"),
    "order": gettext_lazy("Order"),
    "invoice": gettext_lazy("Invoice"),
    "sku": gettext_lazy("Article"),
}


def _or(value: Any) -> str:
    return text_of(value) or _("(nothing)")


@told(events.CUSTOMER_CREATED, icon="user-plus", tone="green")
def customer_created(event: Event, reader: Reader) -> str:
    source = text_of(event.payload.get("source"))
    return _("Became known through %(source)s") % {"source": source} if source else _("Became known")


@told(events.CUSTOMER_EDITED, icon="pencil")
def customer_edited(event: Event, reader: Reader) -> Sentence:
    changes = event.payload.get("changes") or {}
    facts = tuple(
        (
            label_of(name, lambda: reader.own_fields),
            _("%(before)s → %(after)s") % {"before": _or(pair[0]), "after": _or(pair[1])},
        )
        for name, pair in list(changes.items())[:8]
        if isinstance(pair, (list, tuple)) and len(pair) == 2
    )
    return Sentence(_("Details changed"), facts=facts)


@told(events.CUSTOMER_DELETED, icon="trash", tone="red")
def customer_deleted(event: Event, reader: Reader) -> str:
    return _("Deleted")


@told(events.IDENTITY_ADDED, icon="address-book", tone="blue")
def identity_added(event: Event, reader: Reader) -> str:
    return _("%(kind)s added: %(value)s") % _identity_words(event, reader)


@told(events.IDENTITY_REMOVED, icon="address-book-off")
def identity_removed(event: Event, reader: Reader) -> str:
    return _("%(kind)s removed: %(value)s") % _identity_words(event, reader)


@told(events.TAG_ADDED, icon="tag", tone="purple")
def tag_added(event: Event, reader: Reader) -> str:
    return _("Tagged %(tag)s") % {"tag": _or(event.payload.get("tag"))}


@told(events.TAG_REMOVED, icon="tag-off")
def tag_removed(event: Event, reader: Reader) -> str:
    return _("Tag %(tag)s removed") % {"tag": _or(event.payload.get("tag"))}


@told(events.STAGE_CHANGED, icon="stairs-up", tone="indigo")
def stage_changed(event: Event, reader: Reader) -> str:
    before, after = text_of(event.payload.get("from")), text_of(event.payload.get("to"))
    if not after:
        return _("Left the stage %(stage)s") % {"stage": before}
    if not before:
        return _("Entered the stage %(stage)s") % {"stage": after}
    return _("Moved from %(before)s to %(after)s") % {"before": before, "after": after}


@told(events.OWNER_CHANGED, icon="user-share", tone="teal")
def owner_changed(event: Event, reader: Reader) -> Sentence:
    before, after = text_of(event.payload.get("from")), text_of(event.payload.get("to"))
    if not after:
        title = _("%(name)s is no longer the owner") % {"name": before}
    elif not before:
        title = _("%(name)s became the owner") % {"name": after}
    else:
        title = _("Passed from %(before)s to %(after)s") % {"before": before, "after": after}
    return Sentence(title, body=text_of(event.payload.get("reason")))


@told(events.COLLABORATOR_ADDED, icon="users-plus", tone="teal")
def collaborator_added(event: Event, reader: Reader) -> str:
    return _("%(name)s works on this customer too") % {"name": _or(event.payload.get("member"))}


@told(events.COLLABORATOR_REMOVED, icon="users-minus")
def collaborator_removed(event: Event, reader: Reader) -> str:
    return _("%(name)s no longer works on this customer") % {"name": _or(event.payload.get("member"))}


@told(events.NOTE_ADDED, icon="note", tone="yellow")
def note_added(event: Event, reader: Reader) -> str:
    return _("Note")


@told(events.CALL_LOGGED, icon="phone-call", tone="green")
def call_logged(event: Event, reader: Reader) -> str:
    return _("Call")


@told(events.NOTE_EDITED, icon="note")
def note_edited(event: Event, reader: Reader) -> str:
    return _("Note edited")


@told(events.NOTE_DELETED, icon="note-off")
def note_deleted(event: Event, reader: Reader) -> str:
    return _("Note deleted")


@told(events.NOTE_RESTORED, icon="note")
def note_restored(event: Event, reader: Reader) -> str:
    return _("Note brought back")


@told(events.FOLLOW_UP_SET, icon="calendar-plus", tone="orange")
def follow_up_set(event: Event, reader: Reader) -> Sentence:
    due = _moment(event.payload.get("due_at"))
    return Sentence(
        _("To do by %(moment)s: %(text)s") % {"moment": due, "text": _or(event.payload.get("text"))},
        facts=facts_of(event.payload, {"assignee": _("For")}),
    )


@told(events.FOLLOW_UP_DONE, icon="calendar-check", tone="green")
def follow_up_done(event: Event, reader: Reader) -> str:
    return _("Done: %(text)s") % {"text": _or(event.payload.get("text"))}


@told(events.FOLLOW_UP_REOPENED, icon="calendar-repeat", tone="orange")
def follow_up_reopened(event: Event, reader: Reader) -> str:
    return _("To do again: %(text)s") % {"text": _or(event.payload.get("text"))}


@told(events.FOLLOW_UP_SNOOZED, icon="calendar-time", tone="orange")
def follow_up_snoozed(event: Event, reader: Reader) -> str:
    due = _moment(event.payload.get("due_at"))
    return _("Put off to %(moment)s: %(text)s") % {"moment": due, "text": _or(event.payload.get("text"))}


@told(events.FOLLOW_UP_PASSED_ON, icon="calendar-share", tone="orange")
def follow_up_passed_on(event: Event, reader: Reader) -> str:
    payload = event.payload
    return _("Passed on to %(name)s: %(text)s") % {
        "name": _or(payload.get("assignee")),
        "text": _or(payload.get("text")),
    }


@told(events.RELATIONSHIP_ADDED, icon="affiliate", tone="pink")
def relationship_added(event: Event, reader: Reader) -> Sentence:
    return _relationship(event, _("Relationship: %(kind)s %(name)s"))


@told(events.RELATIONSHIP_REMOVED, icon="affiliate")
def relationship_removed(event: Event, reader: Reader) -> Sentence:
    return _relationship(event, _("Relationship removed: %(kind)s %(name)s"))


@told(events.CUSTOMERS_MERGED, icon="arrow-merge", tone="indigo")
def customers_merged(event: Event, reader: Reader) -> str:
    count = len(event.payload.get("absorbed") or [])
    return ngettext("Another record was merged into this one", "%(count)d records were merged into this one", count) % {
        "count": count
    }


@told(events.MERGE_UNDONE, icon="arrow-fork")
def merge_undone(event: Event, reader: Reader) -> str:
    return _("A merge was undone")


@told(events.PURCHASE_MADE, icon="shopping-cart", tone="green")
def purchase_made(event: Event, reader: Reader) -> Sentence:
    product = _product(event.payload)
    title = _("Bought %(product)s") % {"product": product} if product else _("Bought")
    return Sentence(title, facts=facts_of(event.payload, _PURCHASE_FACTS))


@told(events.REFUND_MADE, icon="receipt-refund", tone="red")
def refund_made(event: Event, reader: Reader) -> Sentence:
    product = _product(event.payload)
    title = _("Gave back %(product)s") % {"product": product} if product else _("Refund")
    return Sentence(title, facts=facts_of(event.payload, _PURCHASE_FACTS))


@told(events.PAGE_VIEWED, icon="eye", tone="cyan")
def page_viewed(event: Event, reader: Reader) -> Sentence:
    url = text_of(event.payload.get("url"))
    page = text_of(event.payload.get("title")) or _path(url)
    return Sentence(_("Viewed %(page)s") % {"page": page} if page else _("Viewed a page"), url=_safe(url))


@told(events.PRODUCT_VIEWED, icon="eye-search", tone="cyan")
def product_viewed(event: Event, reader: Reader) -> Sentence:
    url = text_of(event.payload.get("url"))
    product = _product(event.payload) or _path(url)
    title = _("Looked at %(product)s") % {"product": product} if product else _("Looked at a product")
    return Sentence(title, url=_safe(url))


@told(events.CART_UPDATED, icon="basket", tone="cyan")
def cart_updated(event: Event, reader: Reader) -> Sentence:
    items = event.payload.get("items")
    count = len(items) if isinstance(items, list) else items
    labels = {"total": _("Total"), "currency": _("Currency")}
    if isinstance(count, int):
        title = ngettext("Cart: %(count)d item", "Cart: %(count)d items", count) % {"count": count}
    else:
        title = _("Cart changed")
    return Sentence(
        title, body=text_of(items) if isinstance(items, list) else "", facts=facts_of(event.payload, labels)
    )


@told(events.VISITOR_IDENTIFIED, icon="user-check", tone="cyan")
def visitor_identified(event: Event, reader: Reader) -> str:
    return _("Made themselves known on the web site")


def _identity_words(event: Event, reader: Reader) -> dict[str, str]:
    kind, value = text_of(event.payload.get("kind")), text_of(event.payload.get("value"))
    names = dict(Identity.Kind.choices)
    return {"kind": str(names.get(kind, kind)), "value": shown_identity(kind, value, masks=reader.masks)}


def _relationship(event: Event, form: str) -> Sentence:
    payload = event.payload
    other = payload.get("other_id")
    url = reverse("customer", args=[other]) if isinstance(other, int) and other > 0 else ""
    return Sentence(form % {"kind": _or(payload.get("kind")), "name": _or(payload.get("other"))}, url=url)


def _product(payload: dict[str, Any]) -> str:
    return next(
        (words for key in ("product", "description", "name", "sku") if (words := text_of(payload.get(key)))), ""
    )


def _moment(value: Any) -> str:
    try:
        return formats.datetime(datetime.fromisoformat(str(value)))
    except ValueError:
        return _or(value)


def _path(url: str) -> str:
    parts = urlsplit(url) if url else None
    return (parts.path or parts.netloc) if parts else ""


def _safe(url: str) -> str:
    """A link only when it leads to a web page: `javascript:` and its like come from outside too."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""
