"""Telephone numbers: any writing in, E.164 out."""

import re
from functools import lru_cache

from django.utils.translation import gettext_lazy

from .errors import BadInput
from .text import half_width

_E164 = re.compile(r"\+[1-9]\d{5,14}")
_MAINLAND_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_FILLING = re.compile(r"[\s\-‐-―−().\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_EXTENSION = re.compile(
    r"(?:转|轉|分机|分機|内线|內線|[;,]?\s*(?:ext|extension|x|#)[.:=\s]*|,{1,2})\s*\d{1,7}\s*$", re.I
)
_EXCEL_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")

# Country calling codes are prefix-free: one digit, these of two, and every other of three (ITU-T E.164 list).
_TWO_DIGIT_CODE = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")

_EMPTY = gettext_lazy("There is no phone number here.")
_NO_DIGITS = gettext_lazy("“%(raw)s” is not a phone number. Write digits, with + and the country code if it is abroad.")
_ROUNDED = gettext_lazy(
    "A spreadsheet has rounded this number to “%(raw)s”. Format the column as text and export again."
)
_SHORT = gettext_lazy("“%(raw)s” has too few digits for a phone number of %(region)s.")
_LONG = gettext_lazy("“%(raw)s” has too many digits for a phone number of %(region)s.")
_COUNTRY = gettext_lazy("“%(raw)s” begins with a country code that does not exist.")
_UNKNOWN = gettext_lazy(
    "“%(raw)s” is no phone number in use in %(region)s. Check the digits, or add + and the country code."
)


class BadPhone(BadInput):
    """The text is not a phone number that can be called."""


def is_e164(text: str) -> bool:
    """Whether the text already has the form of E.164; says nothing about whether the number is in use."""
    return _E164.fullmatch(text) is not None


def to_e164(raw: str, region: str = "CN") -> str:
    """The number in E.164, as `+8613812345678`, read as someone in `region` (ISO 3166) would dial it.

    Full-width digits, spaces, brackets, `0086` and extensions (dropped: E.164 has none) are understood.
    Raises `BadPhone` when it is no number in use by libphonenumber's tables. Every mainland Chinese mobile
    number of eleven digits is taken, for new ranges are given out before the tables know them.
    """
    found = _read(raw, region)
    if isinstance(found, BadPhone):
        raise BadPhone(found.code, found.template, **found.values)
    return found


def format_phone(e164: str, region: str = "CN") -> str:
    """The number as people of `region` write it: national at home, international abroad. Others unchanged."""
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    is_home = number.country_code == phonenumbers.country_code_for_region(region.upper())
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, style))


@lru_cache(maxsize=4096)
def region_of(e164: str) -> str:
    """The region of the number (ISO 3166, two letters), or "" when it belongs to none."""
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164, None)) or ""
    except phonenumbers.NumberParseException:
        return ""


def split_country(e164: str) -> tuple[str, str]:
    """Country code and national digits of an E.164 number: `+8613812345678` → `("86", "13812345678")`."""
    digits = e164.removeprefix("+")
    width = 1 if digits[:1] in ("1", "7") else 2 if _TWO_DIGIT_CODE.match(digits) else 3
    return digits[:width], digits[width:]


@lru_cache(maxsize=65536)
def _read(raw: str, region: str) -> "str | BadPhone":
    """Refusals are cached like answers: a bad column repeats itself as much as a good one."""
    if len(raw) > 100:  # no regular expression below may meet a megabyte
        return BadPhone("phone_not_a_number", _NO_DIGITS, raw=raw[:40])
    text = half_width(raw).strip()
    text = text.removesuffix(".0") if text[:1].isdigit() else text
    if not text:
        return BadPhone("phone_empty", _EMPTY)
    if _EXCEL_ROUNDED.fullmatch(text):
        return BadPhone("phone_rounded", _ROUNDED, raw=raw[:40])
    region = region.upper()
    text = _EXTENSION.sub("", text)
    bare = _FILLING.sub("", text)
    mobile = _MAINLAND_MOBILE.fullmatch(bare)
    if mobile and (region == "CN" or len(bare) > 13 or bare.startswith("+")):
        return f"+86{mobile[1]}"
    if not any(c.isdigit() for c in bare):
        return BadPhone("phone_not_a_number", _NO_DIGITS, raw=raw[:40])
    return _look_up(text, bare, region, raw[:40])


def _look_up(text: str, bare: str, region: str, shown: str) -> "str | BadPhone":
    import phonenumbers

    refusal: BadPhone | None = None
    # `00` is dialled before a country code in most of the world and so written by people anywhere.
    for attempt in (text, f"+{bare[2:]}") if bare.startswith("00") else (text,):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException as error:
            refusal = refusal or _refusal_of_parse(error.error_type, shown, region)
            continue
        if phonenumbers.is_valid_number(number):
            return f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
        refusal = refusal or _refusal_of_length(phonenumbers.is_possible_number_with_reason(number), shown, region)
    assert refusal is not None  # the loop ran at least once
    return refusal


def _refusal_of_parse(kind: int, shown: str, region: str) -> BadPhone:
    import phonenumbers

    if kind == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return BadPhone("phone_country", _COUNTRY, raw=shown)
    if kind == phonenumbers.NumberParseException.TOO_LONG:
        return BadPhone("phone_too_long", _LONG, raw=shown, region=region)
    if kind == phonenumbers.NumberParseException.NOT_A_NUMBER:
        return BadPhone("phone_not_a_number", _NO_DIGITS, raw=shown)
    return BadPhone("phone_too_short", _SHORT, raw=shown, region=region)


def _refusal_of_length(reason: int, shown: str, region: str) -> BadPhone:
    import phonenumbers

    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return BadPhone("phone_too_short", _SHORT, raw=shown, region=region)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return BadPhone("phone_too_long", _LONG, raw=shown, region=region)
    return BadPhone("phone_unknown", _UNKNOWN, raw=shown, region=region)
