"""Names of countries, as files write them, to ISO 3166 codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from guanxi.kit.errors import BadInput
from guanxi.kit.text import fold

if TYPE_CHECKING:
    from guanxi.customers.imports.evidence import Sample

_UNKNOWN = gettext_lazy("“%(raw)s” is no country. Write its name, or its code of two letters such as CN.")
# Names in use that CLDR does not list: what people write for long official names, and old ones.
_ALSO = {
    "usa": "US", "us of a": "US", "united states of america": "US", "america": "US", "uk": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "eire": "IE", "rsa": "ZA",
    "holland": "NL", "the netherlands": "NL", "prc": "CN", "p.r. china": "CN", "pr china": "CN", "china mainland": "CN",
    "mainland china": "CN", "中国大陆": "CN", "中华人民共和国": "CN", "hong kong": "HK", "hongkong": "HK", "香港": "HK",
    "macau": "MO", "macao": "MO", "澳门": "MO", "台湾": "TW", "south korea": "KR", "korea": "KR", "韩国": "KR",
    "russian federation": "RU", "czech republic": "CZ", "uae": "AE", "ksa": "SA", "viet nam": "VN", "turkey": "TR",
    "burma": "MM", "ivory coast": "CI", "swaziland": "SZ", "macedonia": "MK", "cape verde": "CV",
}  # fmt: skip
_THREE = {
    "usa": "US", "gbr": "GB", "chn": "CN", "deu": "DE", "fra": "FR", "jpn": "JP", "kor": "KR", "ita": "IT", "esp": "ES",
    "can": "CA", "aus": "AU", "nld": "NL", "che": "CH", "swe": "SE", "nor": "NO", "dnk": "DK", "fin": "FI", "irl": "IE",
    "bel": "BE", "aut": "AT", "prt": "PT", "pol": "PL", "grc": "GR", "ind": "IN", "idn": "ID", "sgp": "SG", "mys": "MY",
    "tha": "TH", "vnm": "VN", "phl": "PH", "hkg": "HK", "mac": "MO", "twn": "TW", "bra": "BR", "mex": "MX", "zaf": "ZA",
    "rus": "RU", "tur": "TR", "are": "AE", "sau": "SA", "nzl": "NZ", "isr": "IL", "egy": "EG", "arg": "AR", "chl": "CL",
}  # fmt: skip
_CODE = re.compile(r"[A-Z]{2}")


class BadCountry(BadInput):
    """The text names no country."""


def to_country(raw: str) -> str:
    """The ISO 3166 code of a country named in English or Chinese, or by its code. Raises `BadCountry`."""
    text = raw.strip()
    if len(text) <= 80:
        code = text.upper()
        if code in _codes():
            return code
        if found := _names().get(fold(text)):
            return found
    raise BadCountry("country_unknown", _UNKNOWN, raw=raw[:40])


def are_codes(values: Sequence[str]) -> bool:
    """Whether a column holds country codes: all of two capital letters, nearly all of them countries."""
    if not values or not all(_CODE.fullmatch(value) for value in values):
        return False
    distinct = set(values)
    return sum(value in _codes() for value in distinct) >= 0.9 * len(distinct)


def are_countries_of(sample: Sample) -> bool:
    """Whether most of a column's values name countries."""
    return sample.share(to_country) >= 0.6


def country_names() -> dict[str, str]:
    """Code → name in the language now active."""
    from babel import Locale
    from django.utils.translation import get_language, to_locale

    locale = Locale.parse(to_locale(get_language() or "en"))
    return {code: name for code, name in locale.territories.items() if code in _codes()}


@cache
def _codes() -> frozenset[str]:
    from babel import Locale

    return frozenset(code for code in map(str, Locale("en").territories) if _CODE.fullmatch(code)) - {
        "ZZ",
        "XA",
        "XB",
        "EU",
        "EZ",
        "UN",
        "QO",
    }


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for locale in (Locale("en"), Locale("zh", script="Hans"), Locale("zh", script="Hant")):
        names |= {fold(name): code for code, name in locale.territories.items() if code in _codes()}
    return names | _THREE | {fold(name): code for name, code in _ALSO.items()}
