"""What people call the fields of a customer, and the channels of events."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.customers.models import Customer

OWN = "field:"
_CHANNELS = {
    "web": pgettext_lazy("channel", "Web"),
    "shop": pgettext_lazy("channel", "Shop"),
    "wecom": gettext_lazy("WeCom"),
    "wechat": gettext_lazy("WeChat"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
}


def label_of(name: str, own: Callable[[], Mapping[str, str]]) -> str:
    """The label of `city`, or of `field:<id>`, one of the company's own fields, whose names `own` gives by id."""
    if name.startswith(OWN):
        return own().get(name.removeprefix(OWN)) or _("A field that is gone")
    if name == "kind":  # the one editable field that the model gives no label
        return _("Kind")
    try:
        return str(capfirst(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return str(capfirst(name.replace("_", " ")))


def channel_label(channel: str) -> str:
    """The name of a channel that events carry; one that nobody named reads as it was told."""
    return str(_CHANNELS.get(channel, channel))
