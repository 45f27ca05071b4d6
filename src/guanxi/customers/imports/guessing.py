"""Finding out what a file's columns are, from their names and from the first rows' values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from guanxi.customers.imports import countries, evidence
from guanxi.customers.imports.evidence import Sample
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.refusals import ADDED, is_added
from guanxi.customers.imports.synonyms import by_name, id_stem, plain
from guanxi.customers.imports.targets import CUSTOMERS, TRANSACTIONS, WORKS_AT
from guanxi.customers.models import RelationshipKind, Stage
from guanxi.kit.dates import guess_order
from guanxi.kit.money import guess_decimal
from guanxi.staff.models import Member

# Targets that one column alone may have; a second column that seems to be one becomes something else.
_MANY = frozenset({"phone", "email", "tags", "property", "relation", "new_field", "description"})


def guess(
    columns: Sequence[str], sample: Sequence[Sequence[str]], plan: Plan, *, has_header: bool, file_name: str
) -> Plan:
    """The plan with shape, mapping, date order and decimal mark as the file suggests. `sample` is its first rows."""
    if has_header and len(columns) > ADDED and is_added(columns[-ADDED:]):
        kept = guess(columns[:-ADDED], sample, plan, has_header=True, file_name=file_name)
        return replace(kept, columns=(*kept.columns, *(Column(name) for name in columns[-ADDED:])))
    samples = [Sample(name, [row[at] for row in sample if at < len(row)]) for at, name in enumerate(columns)]
    shape = plan.shape or guess_shape(samples, has_header=has_header)
    plan = replace(plan, shape=shape)
    plan = replace(
        plan, columns=guess_columns(samples, shape, has_header=has_header, file_name=file_name, country=plan.country)
    )
    return _with_manners(plan, samples, file_name)


def guess_shape(samples: Sequence[Sample], *, has_header: bool) -> str:
    """Transactions when the columns say when something happened and how much it came to; else customers."""
    if not has_header:
        return TRANSACTIONS if _bare_transactions(samples) else CUSTOMERS
    named = {by_name(sample.name, transactions=True): sample for sample in samples}
    has_amount = "amount" in named or {"quantity", "price"} <= named.keys()
    when = named.get("at")
    return TRANSACTIONS if has_amount and when and evidence.has_dates(when) else CUSTOMERS


def guess_columns(
    samples: Sequence[Sample], shape: str, *, has_header: bool, file_name: str, country: str
) -> tuple[Column, ...]:
    """A target for every column; "" where a column had better be left out."""
    if not has_header:
        bare = _bare_transactions(samples) if shape == TRANSACTIONS else None
        return bare or tuple(Column(sample.name, _by_value(sample, shape, country)) for sample in samples)
    taken: set[str] = set()
    found = [_column(sample, shape, country, taken) for sample in samples]
    return tuple(_with_ids(found, samples, file_name, shape))


def _column(sample: Sample, shape: str, country: str, taken: set[str]) -> Column:
    target = by_name(sample.name, transactions=shape == TRANSACTIONS)
    if not target or not _fits(target, sample, country) or (target in taken and target not in _MANY):
        target = _otherwise(sample, shape, country, taken)
    taken.add(target)
    return Column(sample.name, target)


def _fits(target: str, sample: Sample, country: str) -> bool:
    """Whether the values can be what the column's name says; a name alone may mislead ("region" of phones)."""
    if sample.is_blank:
        return True
    checks: dict[str, Callable[[Sample], bool]] = {
        "email": evidence.has_emails,
        "at": evidence.has_dates,
        "birth_date": evidence.has_dates,
        "created_at": evidence.has_dates,
        "amount": evidence.has_amounts,
        "price": evidence.has_amounts,
        "quantity": evidence.has_amounts,
        "region": lambda found: not countries.are_codes(found.values),
        "country": countries.are_countries_of,
        "owner": partial(_known, model=Member, names=("name", "email")),
        "stage": partial(_known, model=Stage, names=("name",)),
        "gender": evidence.is_gender,
        "kind": evidence.is_short_list,
        "event_key": evidence.is_distinct,
        "description": lambda found: not evidence.is_number(found),
        "name": lambda found: not evidence.is_number(found),
        "product": lambda found: not evidence.is_plain_number(found),
    }
    check = checks.get(target)
    if target == "phone":
        return evidence.looks_dialled(sample)
    return check(sample) if check else True


def _known(sample: Sample, *, model: type[Member] | type[Stage], names: tuple[str, ...]) -> bool:
    """Whether any of the values names a row that is there: an owner or stage nobody knows is only a text."""
    wanted = {value.casefold() for value in sample.values}
    for name in names:
        there = model._default_manager.values_list(name, flat=True)
        if any(str(each).casefold() in wanted for each in there):
            return True
    return False


def _otherwise(sample: Sample, shape: str, country: str, taken: set[str]) -> str:
    """What an unnamed or doubtful column is by its values."""
    target = _by_value(sample, shape, country)
    if target.startswith("new_field") or (target in taken and target not in _MANY):
        return "property" if shape == TRANSACTIONS else f"new_field:{evidence.field_kind(sample)}"
    return target


def _by_value(sample: Sample, shape: str, country: str) -> str:
    if sample.is_blank:
        return ""
    if evidence.is_email(sample):
        return "email"
    if evidence.is_phone(sample, country):
        return "phone"
    if countries.are_codes(sample.values):
        return "country"
    return "property" if shape == TRANSACTIONS else f"new_field:{evidence.field_kind(sample)}"


def _with_ids(found: list[Column], samples: Sequence[Sample], file_name: str, shape: str) -> list[Column]:
    """One id column becomes the customer's own; others name other records and become links."""
    stems = {at: stem for at, sample in enumerate(samples) if (stem := id_stem(sample.name)) is not None}
    candidates = {
        at: stem
        for at, stem in stems.items()
        if found[at].family in {"external", "new_field", "property"} and not stem.endswith(("owner", "user"))
    }
    if not candidates:
        return found
    own = _own_id(candidates, samples, file_name, shape)
    for at, stem in candidates.items():
        if at == own:
            found[at] = Column(samples[at].name, "external", stem)
        elif shape == CUSTOMERS and stem in _RECORDS:
            found[at] = Column(samples[at].name, f"relation:{_link_kind(stem)}", stem)
        elif found[at].family == "external":
            found[at] = replace(found[at], target="property" if shape == TRANSACTIONS else "new_field:text")
    return found


# Ids of records that a CRM's export points at, and that are customers here.
_RECORDS = frozenset({"account", "contact", "lead", "company", "parentaccount", "referrer", "客户", "公司", "联系人"})


def _link_kind(stem: str) -> str:
    """The relationship that an id of such a record usually means."""
    known = set(RelationshipKind.objects.values_list("slug", flat=True))
    return "referred" if stem == "referrer" and "referred" in known else WORKS_AT


def _own_id(candidates: dict[int, str], samples: Sequence[Sample], file_name: str, shape: str) -> int | None:
    """The id of the row's own customer: a customer id, else the one the file is named after, else a leading one."""
    for at, stem in candidates.items():
        if stem == "":
            return at
    if shape == TRANSACTIONS:
        return next((at for at, stem in candidates.items() if stem in _RECORDS), None)
    title = plain(re.sub(r"\.\w+(\.gz)?$", "", file_name))
    for at, stem in candidates.items():
        if title and (stem in title or title.rstrip("s") in stem):
            return at
    first = min(candidates)
    return first if first == 0 and evidence.is_distinct(samples[0]) else None


def _bare_transactions(samples: Sequence[Sample]) -> tuple[Column, ...] | None:
    """Lines without a header as purchase logs have them: whose, (…), when, (how many), how much. None for others."""
    dates = [at for at, sample in enumerate(samples) if evidence.is_date(sample) and not evidence.is_phone(sample, "")]
    if len(dates) != 1 or dates[0] == 0:
        return None
    day = dates[0]
    figures = [at for at in range(day + 1, len(samples)) if evidence.is_amount(samples[at])]
    if not figures:
        return None
    amount = next((at for at in figures if evidence.has_cents(samples[at])), figures[-1])
    targets = {0: "external", day: "at", amount: "amount"}
    count = next((at for at in figures if at != amount and evidence.is_whole(samples[at])), None)
    if count is not None:
        targets[count] = "quantity"
    return tuple(Column(sample.name, targets.get(at, "property")) for at, sample in enumerate(samples))


def _with_manners(plan: Plan, samples: Sequence[Sample], file_name: str) -> Plan:
    """Date order, decimal mark and whether the rows are companies, as the whole of the sample suggests."""
    dates = [value for at in _places(plan, "at", "birth_date", "created_at") for value in samples[at].values]
    figures = [value for at in _places(plan, "amount", "price") for value in samples[at].values]
    families = {column.family for column in plan.columns}
    is_companies = "company_name" in families and not families & {"name", "first_name", "last_name"}
    return replace(
        plan,
        date_order=plan.date_order or guess_order(dates) or "",
        decimal=plan.decimal or guess_decimal(figures) or "",
        kind="company" if is_companies and not plan.is_transactions else plan.kind,
    )


def _places(plan: Plan, *wanted: str) -> list[int]:
    return [at for at, column in enumerate(plan.columns) if column.target in wanted]
