"""Forms of staff. They read what was sent; what is allowed is the verbs' business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.errors import Refused
from guanxi.staff.authority import Authority, Grant
from guanxi.staff.models import Department, Member, Role
from guanxi.staff.permissions import VERBS, modules

_SEPARATOR = ":"


def refuse(form: forms.Form, refused: Refused) -> None:
    """Show a refusal where it belongs: at its field when the form has it, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _languages() -> list[tuple[str, str]]:
    return [("", str(_("As the browser asks"))), *[(code, str(name)) for code, name in settings.LANGUAGES]]


def _timezones() -> list[tuple[str, str]]:
    default = _("As the company: %(zone)s") % {"zone": settings.TIME_ZONE}
    named = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    )
    return [("", str(default)), *[(zone, zone.replace("_", " ")) for zone in named]]


_INDENT = "\u2003"

if TYPE_CHECKING:
    _ChoiceOfDepartment = forms.ModelChoiceField[Department]
else:
    _ChoiceOfDepartment = forms.ModelChoiceField  # can't be subscripted when the program runs


class DepartmentChoice(_ChoiceOfDepartment):
    """The tree as a list, indented by depth."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Department.objects.order_by("path", "id"),
            label=options.pop("label", _("Department")),
            required=False,
            empty_label=options.pop("empty_label", _("No department")),
            **options,
        )

    def label_from_instance(self, obj: Department) -> str:
        return _INDENT * obj.depth + obj.name


class ProfileForm(forms.Form):
    """What a member says of themselves."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_timezones, required=False)


class InvitationForm(forms.Form):
    """Whom to invite, and to what. Only roles that `authority` may give are offered."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"), empty_label=None)
    department = DepartmentChoice()

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, authority)


class PlaceForm(forms.Form):
    """A member's role and department."""

    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"), empty_label=None)
    department = DepartmentChoice()

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, authority)


class JoinForm(forms.Form):
    """What a new colleague fills in."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least ten characters. A sentence is easier to remember than a riddle."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 10}),
    )


class FirstAdministratorForm(JoinForm):
    """The first one also brings their e-mail and the word from the terminal."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    token = forms.CharField(
        label=_("Setup token"),
        help_text=_("“guanxi up” prints it in its first lines."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    field_order = ("token", "name", "email", "password")


class DepartmentForm(forms.Form):
    """A department's name, and what it hangs below."""

    name = forms.CharField(label=_("Name of the department"), max_length=120)
    parent = DepartmentChoice(label=_("Below"), empty_label=_("The top"))


class RoleForm(forms.Form):
    """A role: its name, whose customers it sees, and the matrix of modules and verbs as `module:verb` words."""

    name = forms.CharField(label=_("Name of the role"), max_length=80)
    is_administrator = forms.BooleanField(
        label=_("Administers everything"),
        required=False,
        help_text=_("May do everything, now and with whatever comes later. Nothing below applies then."),
    )
    scope = forms.ChoiceField(label=_("Whose customers"), choices=Role.Scope.choices, widget=forms.RadioSelect)
    masks_contacts = forms.BooleanField(
        label=_("Mask phones and e-mails"),
        required=False,
        help_text=_("Customers' phones and e-mails show as 138****0042 on pages, in the API and in exports."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=lambda: permission_choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, role: Role) -> RoleForm:
        """The form filled with a role."""
        words = [f"{module}:{verb}" for module, verbs in role.permissions.items() for verb in verbs]
        return cls(
            initial={
                "name": role.name,
                "is_administrator": role.is_administrator,
                "scope": role.scope,
                "masks_contacts": role.masks_contacts,
                "permissions": words,
            }
        )

    @property
    def grant(self) -> Grant:
        """What was filled in. After is_valid()."""
        said = self.cleaned_data
        permissions: dict[str, list[str]] = {}
        for word in said["permissions"]:
            module, _colon, verb = word.partition(_SEPARATOR)
            permissions.setdefault(module, []).append(verb)
        return Grant(permissions, said["scope"], said["masks_contacts"], said["is_administrator"])

    @property
    def chosen(self) -> set[str]:
        """The permissions ticked in the matrix."""
        return set(self["permissions"].value() or ())


class ApiKeyForm(forms.Form):
    """What a program is called, for whom it acts, what it may do and until when."""

    EXPIRIES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("", _("Never")))

    name = forms.CharField(
        label=_("Name of the key"), max_length=80, help_text=_("The program that will use it, such as “Web shop”.")
    )
    member = forms.ModelChoiceField(Member.objects.none(), label=_("Acts for"), empty_label=None)
    expires_in = forms.ChoiceField(label=_("Expires after"), choices=EXPIRIES, required=False, initial="365")
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=lambda: permission_choices(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Member.objects.active().by_name()
        offered = people if member.is_administrator else people.filter(pk=member.pk)
        choice = self.fields["member"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = offered
        choice.initial = member.pk

    @property
    def chosen(self) -> set[str]:
        """The scopes ticked in the matrix."""
        return set(self["scopes"].value() or ())


def permission_choices() -> list[tuple[str, str]]:
    """Every `module:verb` word with its name."""
    return [
        (f"{module.slug}:{verb}", f"{module.label}: {VERBS[verb]}") for module in modules() for verb in module.verbs
    ]


def _offer_roles(form: forms.Form, authority: Authority) -> None:
    offered = [role.pk for role in Role.objects.all() if authority.covers(Grant.of(role))]
    choice = form.fields["role"]
    assert isinstance(choice, forms.ModelChoiceField)
    choice.queryset = Role.objects.filter(pk__in=offered)
