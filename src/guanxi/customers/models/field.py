from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Field(models.Model):
    """A field that the company made on screen. Values live in Customer.fields under str(pk).

    JSON forms by kind: text, link, choice: a string (a choice holds one of `choices`' values); number: a string of
    the decimal number, so that no digit is lost; date: "YYYY-MM-DD"; multi-choice: a list of strings; yes/no: a
    boolean; reference: the id of another customer.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        MULTI_CHOICE = "multi_choice", _("Several choices")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Link")
        REFERENCE = "reference", _("Reference to a customer")

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    choices: Any = models.JSONField(default=list, blank=True)
    help_text = models.CharField(max_length=200, blank=True, default="")
    is_required = models.BooleanField(default=False)
    is_indexed = models.BooleanField(default=False, editable=False)
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The key of this field's value in Customer.fields."""
        return str(self.pk)
