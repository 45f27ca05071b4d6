"""Which encoding a text is in, found by reading all of it once."""

import codecs
import re
from collections.abc import Iterable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65536
_HIGH = re.compile(rb"[\x80-\xff]")

# Two-byte characters by how common they are. GB 2312 puts punctuation at A1–A3 and everyday characters at
# B0–D7; Big5 has them at A1–A3 and A4–C6. What else both encodings allow is rare in real text.
_GB_UNIT = re.compile(
    rb"([\xa1-\xa3\xb0-\xd7][\xa1-\xfe])"
    rb"|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\xfe]|[\x80-\xff]"
)
_BIG5_UNIT = re.compile(rb"([\xa1-\xa3\xa4-\xc6][\x40-\x7e\xa1-\xfe])|[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]")


def find_encoding(blocks: Iterable[bytes]) -> tuple[str, int]:
    """The encoding of the text that `blocks` make up, as Python names it, and how many lines it has.

    A byte-order mark decides; else all of it being UTF-8; else the commonest characters under GB 18030 and
    Big5; else the alphabets that charset-normalizer knows; else Windows-1252.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, lines, returns, faults, size = "utf-8", 0, 0, 0, 0
    high_lines: list[bytes] = []
    head = last = b""
    for block in blocks:
        if not head:
            head = block[:4096]
            encoding = _from_mark(head) or _from_nulls(head) or "utf-8"
        size += len(block)
        lines += block.count(b"\n")
        returns += block.count(b"\r")
        last = block[-1:]
        if encoding == "utf-8" and not faults:
            faults += not _decodes(decoder, block)
        if encoding == "utf-8" and sum(map(len, high_lines)) < _SAMPLE and not block.isascii():
            high_lines += _lines_beyond_ascii(block)
    if encoding == "utf-8" and not faults:
        faults += not _decodes(decoder, b"", is_last=True)
    if encoding == "utf-8" and faults:
        encoding = _from_frequency(b"\n".join(high_lines)[: 2 * _SAMPLE])
    lines = lines or returns
    return encoding, lines + (size > 0 and last not in (b"\n", b"\r", b"\0"))


def _lines_beyond_ascii(block: bytes) -> list[bytes]:
    """Up to a sample's worth of the lines that hold more than ASCII; they alone tell encodings apart."""
    found: list[bytes] = []
    end = size = 0
    while size < _SAMPLE and (high := _HIGH.search(block, end)):
        start = max(block.rfind(b"\n", 0, high.start()) + 1, end)
        end = block.find(b"\n", high.end())
        end = len(block) if end < 0 else end
        found.append(block[start:end])
        size += end - start
    return found


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, is_last: bool = False) -> bool:
    try:
        decoder.decode(block, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _from_mark(head: bytes) -> str:
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


def _from_nulls(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is zero."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > half * 0.4 and head[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if head[::2].count(0) > half * 0.4 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


def _from_frequency(sample: bytes) -> str:
    text = sample.decode("utf-8", errors="replace")
    beyond_ascii = sum(not c.isascii() for c in text)
    if text.count("\ufffd") * 20 < beyond_ascii:
        return "utf-8"  # a few broken bytes in what is plainly UTF-8
    gb, big5 = _common_share(_GB_UNIT, sample), _common_share(_BIG5_UNIT, sample)
    if max(gb, big5) >= 0.6:
        return "gb18030" if gb >= big5 else "big5hkscs"
    return _from_alphabets(sample)


def _common_share(unit: re.Pattern[bytes], sample: bytes) -> float:
    """Share of the characters beyond ASCII that are everyday ones under an encoding."""
    units = unit.findall(sample)
    return sum(1 for common in units if common) / len(units) if units else 0.0


def _from_alphabets(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    alphabets = [
        "cp1251",
        "koi8_r",
        "cp1253",
        "cp1255",
        "cp1256",
        "cp932",
        "euc_jp",
        "cp949",
        "cp874",
        "cp1250",
    ]
    best = from_bytes(sample[:16384], cp_isolation=[*alphabets, "cp1252"]).best()
    return best.encoding if best and best.encoding in alphabets and best.coherence > 0.2 else "cp1252"
