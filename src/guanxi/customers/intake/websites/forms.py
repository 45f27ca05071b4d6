"""The form of a web site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WebsiteForm(forms.Form):
    """Name, addresses, and how its visitors are treated."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    origins = forms.CharField(
        label=_("Addresses"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": "3", "spellcheck": "false"}),
        help_text=_("One a line, such as https://shop.example.com. With https://*.example.com all below it count."),
    )
    needs_consent = forms.BooleanField(
        label=_("Store and send nothing before the visitor has agreed"),
        required=False,
        initial=True,
        help_text=_('Your consent banner then calls guanxi("consent", true).'),
    )
    trusts_pages = forms.BooleanField(
        label=_("Believe who a page says its visitor is, without a signature"),
        required=False,
        help_text=_("Anybody could then say to be anybody. Leave it off unless your server cannot sign."),
    )

    def clean_origins(self) -> list[str]:
        return [line for line in str(self.cleaned_data["origins"]).splitlines() if line.strip()]
