"""Forms of the settings. What is allowed is the verbs' business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Field, RelationshipKind, Source, Stage, Tag, TagGroup
from guanxi.kit.text import clean

if TYPE_CHECKING:
    _ChoiceOfGroup = forms.ModelChoiceField[TagGroup]
    _StageForm = forms.ModelForm[Stage]
    _SourceForm = forms.ModelForm[Source]
    _KindForm = forms.ModelForm[RelationshipKind]
    _GroupForm = forms.ModelForm[TagGroup]
    _TagForm = forms.ModelForm[Tag]
else:
    _StageForm = _SourceForm = _KindForm = _GroupForm = _TagForm = forms.ModelForm
    _ChoiceOfGroup = forms.ModelChoiceField


class _Named:
    """A name is cleaned before it is looked at."""

    cleaned_data: dict[str, Any]

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])


class StageForm(_Named, _StageForm):
    class Meta:
        model = Stage
        fields = ["name", "color"]
        labels = {"name": _("Name")}
        widgets = {"color": forms.HiddenInput}


class SourceForm(_Named, _SourceForm):
    class Meta:
        model = Source
        fields = ["name"]
        labels = {"name": _("Name")}

    def save(self, commit: bool = True) -> Source:
        if not self.instance.slug:
            self.instance.slug = free_slug(Source, self.cleaned_data["name"])
        return super().save(commit)


class RelationshipKindForm(_Named, _KindForm):
    class Meta:
        model = RelationshipKind
        fields = ["name", "reverse_name"]
        labels = {"name": _("Name"), "reverse_name": _("Read from the other end")}
        help_texts = {"reverse_name": _("Such as “referred by”. Leave it empty when it reads the same both ways.")}

    def save(self, commit: bool = True) -> RelationshipKind:
        if not self.instance.slug:
            self.instance.slug = free_slug(RelationshipKind, self.cleaned_data["name"])
        return super().save(commit)


class TagGroupForm(_Named, _GroupForm):
    class Meta:
        model = TagGroup
        fields = ["name", "is_exclusive", "color"]
        labels = {"name": _("Name"), "is_exclusive": _("One of these at most")}
        help_texts = {"is_exclusive": _("Giving a customer one tag of the group takes the other away.")}
        widgets = {"color": forms.HiddenInput}


class TagForm(_Named, _TagForm):
    class Meta:
        model = Tag
        fields = ["name", "group"]
        labels = {"name": _("Name"), "group": _("Group")}


class FieldForm(forms.Form):
    """A new field."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=Field.Kind)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("For the two kinds with choices: each on a line of its own."),
    )
    help_text = forms.CharField(label=_("Hint"), max_length=200, required=False, help_text=_("Shown under the field."))
    is_required = forms.BooleanField(label=_("Must be filled in"), required=False)
    show_in_list = forms.BooleanField(label=_("Show as a column in my list"), required=False, initial=True)


class FieldEditForm(forms.Form):
    """A field there is; its choices are rows of their own."""

    name = forms.CharField(label=_("Name"), max_length=80)
    help_text = forms.CharField(label=_("Hint"), max_length=200, required=False)
    is_required = forms.BooleanField(label=_("Must be filled in"), required=False)


def free_slug(model: type[Source] | type[RelationshipKind], name: str) -> str:
    """A short name for programs that nothing else has."""
    base = slugify(name, allow_unicode=True)[:50] or model._meta.model_name or "row"
    slug, number = base, 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
