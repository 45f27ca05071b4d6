"""How a file is to be read and landed: everything the wizard or the command line decides before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings

from guanxi.customers.models import Import

Existing = Literal["fill", "overwrite", "skip"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and where its values go (targets.py). `namespace` tells ids of one system apart."""

    name: str
    target: str = ""
    namespace: str = ""

    @property
    def family(self) -> str:
        """The target without what stands behind its colon: "field" of "field:7"."""
        return self.target.partition(":")[0]

    @property
    def detail(self) -> str:
        """What stands behind the target's colon: "7" of "field:7"."""
        return self.target.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes of the file become rows. Empty parts are found out from the file."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    has_header: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions of one import.

    `country` is where phones without a country code are; `date_order` and `decimal` settle what a file leaves
    open ("" : as each value tells). `existing` says what happens to customers who are there already: blanks are
    filled, values are overwritten, or they are left alone. `origin` names the shop or till whose lines these
    are: lines of the same origin that were imported before are recognised. `takes_unreachable`: a named customer
    whose only phone or e-mail can't be read lands without it, instead of being refused. `language` is what
    whoever started it reads: the worker tells in it why rows were refused.
    """

    shape: str = "customers"
    columns: tuple[Column, ...] = ()
    reading: Reading = field(default_factory=Reading)
    kind: str = "person"
    country: str = ""
    date_order: str = ""
    decimal: str = ""
    currency: str = ""
    time_zone: str = ""
    existing: str = "fill"
    origin: str = ""
    source_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    channel: str = ""
    takes_unreachable: bool = False
    language: str = ""

    @classmethod
    def of(cls, imported: Import) -> Plan:
        """The plan that an import was saved with; parts not yet decided take the installation's defaults."""
        kept = {part.name for part in fields(cls)} - {"columns", "reading", "tag_ids", "shape"}
        told = imported.options or {}
        return cls(
            shape=imported.shape,
            columns=tuple(Column(**column) for column in (imported.mapping or {}).get("columns", ())),
            reading=Reading(**told.get("reading", {})),
            tag_ids=tuple(told.get("tag_ids", ())),
            **{name: value for name, value in told.items() if name in kept},
        ).with_defaults()

    def with_defaults(self) -> Plan:
        """Blank decisions filled from the settings of the installation."""
        return replace(
            self,
            country=self.country or settings.DEFAULT_COUNTRY,
            currency=self.currency or settings.DEFAULT_CURRENCY,
            time_zone=self.time_zone or settings.TIME_ZONE,
        )

    def keep_in(self, imported: Import) -> None:
        """Write the plan into the import's columns (not saved)."""
        imported.shape = self.shape
        imported.mapping = {"columns": [_as_dict(column) for column in self.columns]}
        imported.options = {
            **{
                part.name: getattr(self, part.name)
                for part in fields(self)
                if part.name not in {"columns", "reading", "tag_ids", "shape"}
            },
            "reading": _as_dict(self.reading),
            "tag_ids": list(self.tag_ids),
        }

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_transactions(self) -> bool:
        return self.shape == Import.Shape.TRANSACTIONS

    @property
    def key_source(self) -> str:
        """The name under which the log keeps the keys of these lines: the same for each file of one origin."""
        return f"import:{self.origin}" if self.origin else "import"

    def places(self, family: str) -> list[int]:
        """The columns whose target is of this family, in the file's order."""
        return [place for place, column in enumerate(self.columns) if column.family == family]

    def has(self, family: str) -> bool:
        return any(column.family == family for column in self.columns)


def _as_dict(value: Any) -> dict[str, Any]:
    return {part.name: getattr(value, part.name) for part in fields(value)}
