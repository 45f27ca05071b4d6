"""Finds words in Jinja templates that no translator will ever see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
_CODE = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
_INSIDE_TAGS = re.compile(  # what ends up inside a tag: blocks of classes, macros that write classes or attributes
    r"{%-?\s*block \w*class\s*-?%}.*?{%-?\s*endblock\b"
    r"|{%-?\s*macro (?:_css\b|\w+\([^)]*\)\s*-?%}[\w-]+=\").*?{%-?\s*endmacro\b",
    re.DOTALL,
)
_STRING = re.compile(r"""(?P<before>[\w(]*\s*)"(?P<words>[^"\n]*)\"""")
_WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[A-Z][a-z]+(?: [A-Za-z]|[.!?…]|$)|[\u3400-\u9fff]")
_SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "placeholder", "title"}
_SILENT = {"code", "kbd", "pre", "script", "style", "svg"}
_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_NAMES = {"Guanxi", "htmx"}
_THROUGH_GETTEXT = re.compile(r"(?:_|gettext|ngettext|pgettext)\(\s*$|pgettext\(\s*\"[^\"]*\",\s*$")


def untranslated(template: str) -> Iterator[int]:
    """The numbers of the lines with text, spoken attributes or string literals that do not pass through gettext."""
    text = _TRANSLATED.sub(_blank, _COMMENT.sub(_blank, template))
    yield from _literals(text)
    reader = _Reader()
    reader.feed(_CODE.sub(_blank, _INSIDE_TAGS.sub(_keep_ends, text)))
    reader.close()
    yield from reader.found


def _blank(found: re.Match[str]) -> str:
    """Spaces of the same length, so that lines keep their numbers."""
    return _blank_text(found[0])


def _blank_text(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _keep_ends(found: re.Match[str]) -> str:
    """Blank, yet still the beginning of the tag that the end is cut from."""
    end = found[0].rindex("{%")
    return _blank_text(found[0][:end]) + found[0][end:]


def _literals(text: str) -> Iterator[int]:
    for code in _CODE.finditer(text):
        for string in _STRING.finditer(code[0]):
            through = _THROUGH_GETTEXT.search(code[0][: string.start()] + string["before"])
            if not through and _SENTENCE.match(string["words"]) and string["words"] not in _NAMES:
                yield text.count("\n", 0, code.start() + string.start()) + 1


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[int] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT and tag not in _VOID:
            self._silent.append(tag)
        if any(name in _SPOKEN and value and _is_words(value) for name, value in attrs):
            self.found.append(self.getpos()[0])

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        first = self.getpos()[0]
        for offset, line in enumerate(data.split("\n")):
            if _is_words(line):
                self.found.append(first + offset)


def _is_words(text: str) -> bool:
    return any(word not in _NAMES for word in re.findall(r"[A-Za-z][\w'’-]+|[\u3400-\u9fff]+", text)) and bool(
        _WORD.search(text)
    )
