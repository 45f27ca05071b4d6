"""Every filter that all companies have, each with the index that carries it."""

from __future__ import annotations

from django.db.models import CharField, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.listing.filters.base import Asking, Filter, Given, Walk, given_values
from guanxi.customers.listing.filters.choosing import AnyOf, AnyRow, Owner, SharedWith, Tagged, YesNo, member_rows
from guanxi.customers.listing.filters.ranging import Between, Dates, Months, NameHas, NotSince
from guanxi.customers.models import Customer, FollowUp, Identity, Source, Stage

WHO = _("Who")
WHERE = _("Where")
OURS = _("With us")
REACH = _("Reachable by")
DONE = _("What they did")
OWN = _("Own fields")


class EmailDomain(Filter):
    """Customers with an e-mail of one of these domains."""

    editor = "any_of"
    suggests = False

    def read(self, given: Given, asking: Asking) -> tuple[str, ...] | None:
        return tuple(dict.fromkeys(v.lower().lstrip("@") for v in given_values(given, self.name) if v != "@")) or None

    def write(self, value: tuple[str, ...]) -> dict[str, list[str]]:
        return {self.name: list(value)}

    def condition(self, value: tuple[str, ...], asking: Asking) -> Q:
        rows = Identity.objects.filter(kind=Identity.Kind.EMAIL).annotate(domain=_domain())
        return Q(pk__in=rows.filter(domain__in=value).values("customer_id"))

    def walk(self, value: tuple[str, ...], asking: Asking) -> Walk | None:
        rows = Identity.objects.filter(kind=Identity.Kind.EMAIL, customer__merged_into=None)
        counted = Identity.objects.filter(kind=Identity.Kind.EMAIL).annotate(domain=_domain()).filter(domain__in=value)
        return Walk(rows, _domain(), value, customer="customer_id", may_repeat=True, counted=counted)

    def words(self, value: tuple[str, ...], asking: Asking) -> str:
        return ", ".join(f"@{domain}" for domain in value)


def _domain() -> Func:
    column: CharField[str, str] = CharField(db_collation="C")
    return Func(F("value"), Value("@"), Value(2), function="split_part", output_field=column)


def _reachable(name: str, label: object, *kinds: str) -> YesNo:
    return YesNo(
        name,
        label,  # type: ignore[arg-type]
        group=REACH,
        rows=lambda: Identity.objects.filter(kind__in=kinds),
        key="kind",
        keys=kinds,
        index="customers_reachable",
    )


def filters() -> list[Filter]:
    """In the order of the menu."""
    return [
        NameHas("name", pgettext_lazy("customer", "Name"), group=WHO, index="customers_searchterm_pkey"),
        NameHas("name_starts", _("Name begins with"), starts=True, group=WHO, index="customers_searchterm_pkey"),
        AnyOf(
            "kind",
            _("Kind"),
            column="kind",
            options=lambda asking: Customer.Kind.choices,
            unwalked=Customer.Kind.PERSON,
            group=WHO,
            index="customers_by_kind",
        ),
        AnyOf(
            "gender",
            _("Gender"),
            column="gender",
            options=lambda asking: [*Customer.Gender.choices, ("none", _("not known"))],
            group=WHO,
            index="customers_by_gender",
        ),
        Dates("birthday", _("Birthday"), column="birth_date", group=WHO, sort="birthday", index="customers_by_birth"),
        Months("birthday_month", _("Birthday in"), group=WHO, index="customers_by_birth_month"),
        AnyOf("company", _("Company"), column="company_name", suggest=True, group=WHO, index="customers_by_company"),
        AnyOf("title", _("Job title"), column="title", suggest=True, group=WHO, index="customers_by_title"),
        AnyOf("city", _("City"), column="city", suggest=True, group=WHERE, index="customers_by_city"),
        AnyOf(
            "region", _("Province or state"), column="region", suggest=True, group=WHERE, index="customers_by_region"
        ),
        AnyOf("country", _("Country"), column="country", suggest=True, group=WHERE, index="customers_by_country"),
        AnyOf("language", _("Language"), column="language", suggest=True, group=WHERE, index="customers_by_language"),
        Tagged("tag", _("Any of the tags"), how="any", group=OURS, index="customers_customertag_pkey"),
        Tagged("tag_all", _("All of the tags"), how="all", group=OURS, index="customers_customertag_pkey"),
        Tagged("tag_none", _("None of the tags"), how="none", group=OURS, index="customers_customertag_pkey"),
        AnyRow("stage", _("Stage"), column="stage_id", rows=Stage.objects.all, group=OURS, index="customers_by_stage"),
        Owner("owner", _("Owner"), column="owner_id", rows=member_rows, group=OURS, index="customers_by_owner"),
        SharedWith(
            "collaborator",
            _("Collaborator"),
            column="",
            rows=member_rows,
            group=OURS,
            index="customers_collaborator_member_id",
        ),
        AnyRow(
            "source", _("Source"), column="source_id", rows=Source.objects.all, group=OURS, index="customers_by_source"
        ),
        Dates(
            "created",
            _("Added"),
            column="created_at",
            moments=True,
            group=OURS,
            sort="created",
            index="customers_by_created",
        ),
        YesNo(
            "open_follow_up",
            _("Open follow-up"),
            rows=lambda: FollowUp.objects.open(),
            group=OURS,
            index="customers_follow_up_customer",
        ),
        _reachable("has_phone", _("Phone"), Identity.Kind.PHONE),
        _reachable("has_email", _("E-mail"), Identity.Kind.EMAIL),
        _reachable("has_wechat", _("WeChat"), Identity.Kind.UNIONID, Identity.Kind.OPENID),
        EmailDomain("email_domain", _("E-mail domain"), group=REACH, index="customers_email_domain"),
        NotSince(
            "no_purchase_days", _("No purchase"), tally="last_purchase_at", index="customers_tally_purchase", group=DONE
        ),
        Dates(
            "last_event",
            _("Last activity"),
            column="tally__last_event_at",
            moments=True,
            sort="last_event",
            index="customers_tally_event",
            group=DONE,
        ),
        Dates(
            "last_purchase",
            _("Last purchase"),
            column="tally__last_purchase_at",
            moments=True,
            sort="last_purchase",
            index="customers_tally_purchase",
            group=DONE,
        ),
        Between(
            "events",
            _("Events"),
            column="tally__event_count",
            whole=True,
            sort="events",
            index="customers_tally_events",
            group=DONE,
        ),
        Between(
            "purchases",
            _("Purchases"),
            column="tally__purchase_count",
            whole=True,
            sort="purchases",
            index="customers_tally_count",
            group=DONE,
        ),
        Between(
            "purchase_total",
            _("Purchases total"),
            column="tally__purchase_total",
            sort="purchase_total",
            index="customers_tally_total",
            group=DONE,
        ),
    ]
