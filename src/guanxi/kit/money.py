"""Amounts of money: read from any usual writing into Decimal, and written as readers of a language expect."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext_lazy

from .errors import BadInput
from .text import half_width

Mark = Literal[".", ","]

_CURRENCY_LIST = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CURRENCY_LIST.split())
"""Codes of ISO 4217 in circulation; without metals, funds and test codes."""

_MINOR_DIGITS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
# Signs that mean one currency; `$` and `¥` mean several, and are left to the caller's own currency.
_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₫": "VND",
    "฿": "THB",
    "₺": "TRY",
    "₴": "UAH",
}
_SIGNS |= {
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "R$": "BRL",
    "RMB": "CNY",
    "CN¥": "CNY",
    "JP¥": "JPY",
}
_SIGNS |= {
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港币": "HKD",
    "港元": "HKD",
}
_SIGN = re.compile("|".join(sorted(map(re.escape, [*_SIGNS, "$", "¥", "元", "圆", "块"]), key=len, reverse=True)))
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_TIMES = {
    "": 1,
    "千": 10**3,
    "K": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "M": 10**6,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "B": 10**9,
}
_AMOUNT = re.compile(r"([+\-−]?)\s*(\d[\d.,' ]*|[.,]\d+)\s*(百万|千万|[千万萬亿億KMB]?)([+\-−]?)")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?E[+-]?\d{1,2}")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,2}|\.\d{4,10})?")
_GROUPED = {
    ",": re.compile(r"\d{1,3}(?:,\d{2,4})*,\d{3}|\d{1,4}(?:,\d{4})+"),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+"),
}

_EMPTY = gettext_lazy("There is no amount here.")
_SHAPE = gettext_lazy("“%(raw)s” is not an amount. Write it as 1234.56.")
_CURRENCY = gettext_lazy("“%(raw)s” is not a currency of ISO 4217, such as CNY or EUR.")
_LARGE = gettext_lazy("“%(raw)s” is more than can be kept (15 digits before the point).")


class BadAmount(BadInput):
    """The text is not an amount of money."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency, a code of ISO 4217."""

    amount: Decimal
    currency: str


def parse_amount(raw: str, decimal: Mark | None = None) -> Decimal:
    """The amount in `raw`, whatever currency is written beside it.

    `1,234.56`, `1.234,56 €`, `¥１，２３４`, `(12.50)` (negative, as bookkeepers write), `1.2万`, `$342.09K`.
    `decimal` says which mark divides the fraction where one mark alone could mean either: without it `1,234`
    is grouped and `1.234` is not. Raises `BadAmount`.
    """
    if decimal is None and _PLAIN.fullmatch(raw):
        return Decimal(raw)
    return _read(raw, decimal)[0]


def parse_money(raw: str, currency: str, decimal: Mark | None = None) -> Money:
    """The amount in `raw` with the currency written beside it, or `currency` if none, `$` or `¥` is."""
    amount, written = _read(raw, decimal)
    return Money(amount, written or to_currency(currency))


def guess_decimal(samples: Iterable[str]) -> Mark | None:
    """Which mark divides the fraction in a column of amounts; None when nothing in it tells."""
    votes = {".": 0, ",": 0}
    for sample in samples:
        digits = re.sub(r"[^\d.,]", "", half_width(sample[:40]))
        point, comma = digits.rfind("."), digits.rfind(",")
        if point >= 0 and comma >= 0:
            votes["." if point > comma else ","] += 1
        elif point >= 0 and (len(digits) - point != 4 or digits.startswith("0.")):
            votes["." if digits.count(".") == 1 else ","] += 1
        elif comma >= 0 and (len(digits) - comma != 4 or digits.startswith("0,")):
            votes["," if digits.count(",") == 1 else "."] += 1
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def to_currency(raw: str) -> str:
    """The ISO 4217 code meant by a code or an unambiguous sign. Raises `BadAmount`."""
    text = half_width(raw).strip().upper()
    if text in CURRENCIES:
        return text
    if text in _SIGNS:
        return _SIGNS[text]
    raise BadAmount("currency_unknown", _CURRENCY, raw=raw[:20])


def minor_digits(currency: str) -> int:
    """How many digits of the currency's smallest unit stand behind the point: 2 for CNY, 0 for JPY."""
    return _MINOR_DIGITS.get(currency, 2)


def format_money(amount: Decimal, currency: str, language: str = "en") -> str:
    """The amount as readers of `language` (`en`, `zh-hans`, …) expect: `¥1,234.50`, `-CN¥3.00`."""
    from babel.numbers import format_currency

    return str(format_currency(amount, currency, locale=_locale(language)))


@lru_cache(maxsize=64)
def _locale(language: str) -> str:
    from babel import Locale, UnknownLocaleError

    head, *rest = language.replace("_", "-").split("-")
    tag = "_".join([head, *(part.title() if len(part) == 4 else part.upper() for part in rest)])
    try:
        return str(Locale.parse(tag))
    except (UnknownLocaleError, ValueError):
        return "en"


def _read(raw: str, decimal: Mark | None) -> tuple[Decimal, str]:
    text = half_width(raw).replace("\u00a0", " ").replace("\u202f", " ").strip().upper()
    if not text:
        raise BadAmount("amount_empty", _EMPTY)
    if len(text) > 60:
        raise BadAmount("amount_shape", _SHAPE, raw=raw[:40])
    if _SCIENTIFIC.fullmatch(text):
        return _checked(Decimal(text), raw), ""
    bare, currency = _without_currency(text, raw)
    if is_negative := bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    found = _AMOUNT.fullmatch(bare)
    if not found or (found[1] and found[4]):
        raise BadAmount("amount_shape", _SHAPE, raw=raw[:40])
    amount = _number(found[2].strip(), decimal, raw) * _TIMES[found[3]]
    if is_negative or found[1] in ("-", "−") or found[4] in ("-", "−"):
        amount = -amount
    return _checked(amount, raw), currency


def _without_currency(text: str, raw: str) -> tuple[str, str]:
    currency = ""
    code = _CODE.search(text)
    if code and code[0] != "RMB":
        currency = to_currency(code[0])
        text = text.replace(code[0], " ", 1)
    if sign := _SIGN.search(text):
        currency = currency or _SIGNS.get(sign[0], "CNY" if sign[0] == "CN¥" else "JPY" if sign[0] == "JP¥" else "")
        text = text.replace(sign[0], " ", 1)
    return text.strip().removesuffix("整").replace("- ", "-"), currency


def _number(digits: str, decimal: Mark | None, raw: str) -> Decimal:
    """Digits with grouping marks and a fraction as Decimal; refuses groups that are none."""
    digits = digits.replace(" ", "").replace("'", "")
    mark = decimal or _fraction_mark(digits)
    grouping = "," if mark == "." else "."
    whole, _, fraction = digits.partition(mark)
    if grouping in whole:
        if not _GROUPED[grouping].fullmatch(whole):
            raise BadAmount("amount_shape", _SHAPE, raw=raw[:40])
        whole = whole.replace(grouping, "")
    try:
        return Decimal(f"{whole or 0}.{fraction}" if fraction else whole or "0")
    except InvalidOperation:
        raise BadAmount("amount_shape", _SHAPE, raw=raw[:40]) from None


def _fraction_mark(digits: str) -> Mark:
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    if comma >= 0:
        return "." if _GROUPED[","].fullmatch(digits) else ","
    return "," if digits.count(".") > 1 else "."


def _checked(amount: Decimal, raw: str) -> Decimal:
    if abs(amount) >= 10**15:
        raise BadAmount("amount_large", _LARGE, raw=raw[:40])
    return amount
