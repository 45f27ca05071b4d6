"""The forms of the wizard: the file, and the decisions beside the mapping."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.errors import Refused
from guanxi.core.storage import LARGEST_FILE, refuse_large
from guanxi.customers.imports.plan import Plan, Reading
from guanxi.customers.models import Customer, Source, Tag
from guanxi.kit.money import CURRENCIES
from guanxi.kit.tables.delimited import BLANKS

ACCEPTED = ".csv,.tsv,.txt,.gz,.xlsx,.xlsm,.xls,.ods,.vcf,text/csv,text/vcard"
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16", "cp1252", "cp1251", "cp932", "cp949"]


class FileForm(forms.Form):
    """The file to take in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, Excel or vCard, up to 100 MB. Nothing lands before you have seen how."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,  # the reader says in better words that it is empty
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        try:
            refuse_large(file, largest=LARGEST_FILE)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from None
        return file


class DecisionsForm(forms.Form):
    """What a file leaves open, with what was found out already chosen."""

    kind = forms.ChoiceField(label=gettext_lazy("The rows are"), choices=Customer.Kind.choices)
    existing = forms.ChoiceField(
        label=gettext_lazy("Customers who are here already"),
        choices=[
            ("fill", gettext_lazy("Fill in what is blank")),
            ("overwrite", gettext_lazy("Overwrite with the file’s values")),
            ("skip", gettext_lazy("Leave as they are")),
        ],
    )
    country = forms.ChoiceField(label=gettext_lazy("Phones without a country code are of"))
    date_order = forms.ChoiceField(
        label=gettext_lazy("03/04/2024 means"),
        required=False,
        choices=[
            ("", gettext_lazy("Refuse what is unclear")),
            ("dmy", gettext_lazy("3 April (day first)")),
            ("mdy", gettext_lazy("March 4 (month first)")),
        ],
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Fractions are written"),
        required=False,
        choices=[("", gettext_lazy("As each value tells")), (".", "1,234.56"), (",", "1.234,56")],
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone of the times"))
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source of new customers"),
        required=False,
        empty_label=gettext_lazy("As the file says"),
    )
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.filter(archived_at=None), label=gettext_lazy("Tag them"), required=False
    )
    origin = forms.CharField(
        label=gettext_lazy("Shop or till"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Lines of the same shop that were imported before are recognised and left out."),
    )
    takes_unreachable = forms.BooleanField(
        label=gettext_lazy("Take a named customer whose only phone or e-mail can’t be read, without it"),
        required=False,
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between the cells stands"),
        required=False,
        choices=[
            (",", gettext_lazy("a comma")),
            (";", gettext_lazy("a semicolon")),
            ("\t", gettext_lazy("a tab")),
            ("|", gettext_lazy("a bar")),
            (BLANKS, gettext_lazy("blanks")),
        ],
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    has_header = forms.BooleanField(label=gettext_lazy("The first row names the columns"), required=False)

    READING = ("encoding", "delimiter", "sheet", "has_header")
    ONLY_CUSTOMERS = ("kind", "takes_unreachable")
    ONLY_TRANSACTIONS = ("currency", "decimal", "origin")

    def __init__(self, *args: Any, plan: Plan, sheets: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.plan = plan
        kwargs["initial"] = _initial(plan)
        super().__init__(*args, **kwargs)
        self._offer("country", _countries())
        self._offer("currency", [(code, code) for code in sorted(CURRENCIES)])
        self._offer("time_zone", [(name, name.replace("_", " ")) for name in sorted(available_timezones())])
        found = plan.reading.encoding
        self._offer("encoding", [(name, name.upper()) for name in dict.fromkeys([found, *ENCODINGS]) if name])
        self._offer("sheet", [(name, name) for name in sheets])
        for name in self.ONLY_CUSTOMERS if plan.is_transactions else self.ONLY_TRANSACTIONS:
            del self.fields[name]
        self._drop_reading(len(sheets))

    @property
    def reading_fields(self) -> list[Any]:
        return [self[name] for name in self.READING if name in self.fields]

    @property
    def decision_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.READING]

    def decided(self) -> Plan:
        """The plan with what was chosen; of a valid form."""
        told = self.cleaned_data
        reading = Reading(
            format=self.plan.reading.format,
            **{name: told[name] if name in self.fields else getattr(self.plan.reading, name) for name in self.READING},
        )
        names = ("kind", "existing", "country", "date_order", "decimal", "currency", "time_zone", "origin")
        kept = {name: told[name] for name in (*names, "takes_unreachable") if name in self.fields}
        return replace(
            self.plan,
            **kept,
            reading=reading,
            source_id=told["source"].pk if told["source"] else None,
            tag_ids=tuple(tag.pk for tag in told["tags"]),
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _drop_reading(self, sheet_count: int) -> None:
        """Cards say themselves how they are read; a workbook has neither encoding nor delimiter."""
        kind = self.plan.reading.format
        dropped = {"text": ["sheet"], "workbook": ["encoding", "delimiter"]}.get(kind, list(self.READING))
        if kind == "workbook" and sheet_count < 2:
            dropped = [*dropped, "sheet"]
        for name in dropped:
            del self.fields[name]


def _initial(plan: Plan) -> dict[str, Any]:
    names = ("kind", "existing", "country", "date_order", "decimal", "currency", "time_zone", "origin")
    return {
        **{name: getattr(plan, name) for name in (*names, "takes_unreachable")},
        **{name: getattr(plan.reading, name) for name in DecisionsForm.READING},
        "source": plan.source_id,
        "tags": list(plan.tag_ids),
    }


def _countries() -> list[tuple[str, str]]:
    from guanxi.customers.imports.countries import country_names

    return [("", _("Choose")), *sorted(country_names().items(), key=lambda pair: pair[1])]
