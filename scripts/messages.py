"""Translations: extract the messages of each app, check that they are complete, compile them.

  python scripts/messages.py             bring every <app>/locale/<language>/LC_MESSAGES/django.po up to date
  python scripts/messages.py --check     list what is missing, fuzzy, left over or has other placeholders; exit 1 if any
  python scripts/messages.py --compile   write the .mo files, and 繁體中文 out of 简体中文 by OpenCC (s2twp)

Names of apps may follow, to work on these only. Compiled files are not committed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "src" / "guanxi"
ALWAYS = "zh_Hans"  # every app with messages has this translation; others where somebody made the folder
CONVERTED = "zh_Hant"

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {
    "extensions": "jinja2.ext.do",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("apps", nargs="*", metavar="app", help="only these (default: all)")
    what = arguments.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only say what is not right")
    what.add_argument("--compile", action="store_true", help="write .mo files")
    chosen = arguments.parse_args()
    apps = [folder for folder in all_apps() if not chosen.apps or folder.name in chosen.apps]
    if chosen.compile:
        compile_apps(apps)
        return 0
    if not chosen.check:
        for app in apps:
            merge(app)
    wrong = [line for app in apps for line in problems(app)]
    print("\n".join(wrong) if wrong else "Every message is translated.")
    return 1 if wrong and chosen.check else 0


def all_apps() -> list[Path]:
    """The folders of src/guanxi that are packages."""
    return sorted(folder for folder in APPS.iterdir() if (folder / "__init__.py").is_file())


def extract(app: Path) -> Catalog:
    """The messages in an app's Python and templates, tests left out."""
    template = Catalog()
    for file in sorted(_sources(app)):
        in_jinja = file.suffix != ".py"
        method = "jinja2.ext:babel_extract" if in_jinja else "python"
        found = extract_from_file(method, file, keywords=KEYWORDS, options=JINJA_OPTIONS if in_jinja else {})
        for _line, message, _comments, context in found:
            template.add(message, context=context, locations=[(str(file.relative_to(app)), 1)])
    return template


def _sources(app: Path) -> Iterator[Path]:
    for file in [*app.rglob("*.py"), *(app / "templates").rglob("*.html"), *(app / "templates").rglob("*.txt")]:
        if not {"tests", "migrations"} & set(file.relative_to(app).parts[:-1]):
            yield file


def merge(app: Path) -> None:
    """Add new messages to the app's translations, drop those no longer used, keep what people wrote."""
    template = extract(app)
    for path in _translations(app, template):
        catalog = _read(path)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(_header(path).encode())
            write_po(file, catalog, width=100, omit_header=True, include_lineno=False, sort_by_file=True)


def problems(app: Path) -> list[str]:
    """What keeps the app's translations from being complete, one line each."""
    template = extract(app)
    return [
        f"{path.relative_to(ROOT)}: {complaint}"
        for path in _translations(app, template)
        for complaint in _complaints(_read(path), template)
    ]


def _complaints(catalog: Catalog, template: Catalog) -> Iterator[str]:
    for wanted in _messages(template):
        found = catalog.get(_singular(wanted), wanted.context)
        if found is None or not _is_translated(found):
            yield f"missing: {_singular(wanted)!r}"
        elif found.fuzzy:
            yield f"fuzzy: {_singular(wanted)!r}"
        elif not _placeholders_match(found):
            yield f"placeholders differ: {_singular(wanted)!r} → {found.string!r}"
    for left in _messages(catalog):
        if template.get(_singular(left), left.context) is None:
            yield f"no longer used: {_singular(left)!r}"


def _messages(catalog: Catalog) -> Iterable[Message]:
    return (message for message in catalog if message.id)


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _is_translated(message: Message) -> bool:
    return bool(_strings(message)) and all(_strings(message))


def _placeholders_match(message: Message) -> bool:
    """Each translation has the placeholders of the message; a plural form may leave the number out."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = [Counter(_PLACEHOLDER.findall(text)) for text in ids]
    return all(Counter(_PLACEHOLDER.findall(text)) in allowed for text in _strings(message))


def _translations(app: Path, template: Catalog) -> list[Path]:
    there = set((app / "locale").glob("*/LC_MESSAGES/django.po"))
    if any(_messages(template)):
        there.add(app / "locale" / ALWAYS / "LC_MESSAGES" / "django.po")
    return sorted(there)


def _read(path: Path) -> Catalog:
    language = path.parts[-3]
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _header(path: Path) -> str:
    """A header without dates and names, so that a file changes only when its messages do."""
    catalog = Catalog(locale=path.parts[-3])
    fields = {
        "Language": path.parts[-3],
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalog.plural_forms,
    }
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items()) + "\n"


def compile_apps(apps: list[Path]) -> None:
    """Write the .mo files that are older than their .po, for 繁體中文 from 简体中文."""
    for app in apps:
        for path in sorted((app / "locale").glob("*/LC_MESSAGES/django.po")):
            _compile(path, path.with_suffix(".mo"), _read)
            if path.parts[-3] == ALWAYS and not (app / "locale" / CONVERTED / "LC_MESSAGES/django.po").exists():
                _compile(path, app / "locale" / CONVERTED / "LC_MESSAGES" / "django.mo", _converted)


def _compile(source: Path, target: Path, load: Any) -> None:
    if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, load(source))


def _converted(path: Path) -> Catalog:
    """A catalog of simplified characters in traditional ones, with the words used in Taiwan."""
    import opencc

    converter = opencc.OpenCC("s2twp")
    catalog = _read(path)
    for message in _messages(catalog):
        if isinstance(message.string, str):
            message.string = converter.convert(message.string)
        else:
            message.string = tuple(converter.convert(text) for text in _strings(message))
    return catalog


if __name__ == "__main__":
    sys.exit(main())
