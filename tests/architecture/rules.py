"""The rules that hold the house, each with lines that keep it and lines that break it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.architecture.rule import Rule, lines
from tests.architecture.template_text import untranslated

_PYTHON = ("src/guanxi/**/*.py",)
_TESTS = ("**/tests/**", "src/guanxi/**/conftest.py")
_TEMPLATES = ("src/guanxi/*/templates/**/*.html",)
_CLOCK_READERS = (
    "src/guanxi/config/**/*.py",
    "src/guanxi/*/**/views/*.py",
    "src/guanxi/*/**/views.py",
    "src/guanxi/*/**/panels/*.py",
    "src/guanxi/*/**/api/*.py",
    "src/guanxi/*/**/api*.py",
    "src/guanxi/*/**/jobs.py",
    "src/guanxi/*/**/upkeep.py",
    "src/guanxi/*/**/cli.py",
    "src/guanxi/*/**/http.py",
    "src/guanxi/*/middleware.py",
    "src/guanxi/*/reactions.py",
)


def _registries() -> str:
    """Written in pieces: this file is read by its own rule."""
    hosts = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "mirror.com"]
    return "|".join(re.escape(host) for host in hosts) + r"|--(?:extra-)?index" + r"-url\s+\S"


def _too_many_lines(text: str) -> Iterable[int]:
    if len(text.splitlines()) > 300:
        yield 301


RULES = [
    Rule(
        name="a source file fits in a head",
        why="Whoever lets one central file grow regrets it: cut it where its nouns part.",
        where=(
            "src/**/*.py",
            "src/**/*.html",
            "src/**/*.js",
            "src/**/*.css",
            "src/**/*.sql",
            "tests/**/*.py",
            "scripts/*.py",
            "bench/**/*.py",
            "bench/**/*.sql",
            "conftest.py",
        ),
        besides=("src/guanxi/*/migrations/*.py",),  # written by Django
        find=_too_many_lines,
        good=("line\n" * 300,),
        bad=("line\n" * 301,),
    ),
    Rule(
        name="printing is for the command line",
        why="A web process has no reader on stdout; tell it through structlog or the answer.",
        where=_PYTHON,
        besides=(*_TESTS, "src/guanxi/config/*.py", "src/guanxi/*/cli.py", "src/guanxi/*/*/cli.py"),
        find=lines(r"(?<![\w.])print\("),
        good=('log.info("worker_started")', "schema.fingerprint()"),
        bad=('print("here")', "    print(customer)"),
    ),
    Rule(
        name="the clock is read at the edge",
        why="Views, jobs, the API and the command line read it once and pass the moment in; tests choose it.",
        where=_PYTHON,
        besides=(*_TESTS, *_CLOCK_READERS),
        find=lines(r"\b(?:clock|timezone|datetime)\.(?:now|utcnow)\(|\bdate\.today\(|\blocal(?:date|time)\(\)"),
        good=("finish(follow_up, by=actor, at=at)", "timezone.localdate(self.now)", "began = time.monotonic()"),
        bad=("at = clock.now()", "due_at=timezone.now() + DAY", "today = date.today()", "timezone.localdate()"),
        excused={
            "src/guanxi/core/clock.py": "it is the clock",
            "src/guanxi/core/events/log.py": "recorded_at is when the log was told, whatever the caller says",
            "src/guanxi/core/events/readers.py": "a reader runs at the edge: the worker's loop, not a verb",
            "src/guanxi/core/events/following.py": "the worker's loop",
            "src/guanxi/core/idempotency.py": "wraps views of the API",
            "src/guanxi/customers/intake/tracking.py": "answers requests of web pages, beside intake/http.py",
            "src/guanxi/customers/listing/asked.py": "what a request of the list asks for, read once",
            "src/guanxi/customers/intake/together.py": "commits what many requests brought; an edge of its own",
            "src/guanxi/design/formats.py": "“3 minutes ago” on a page; a caller may pass the moment",
            "src/guanxi/design/guide.py": "a page with samples",
        },
    ),
    Rule(
        name="moments come from core.clock",
        why="One place to read the time; rooms below core have their own reasons and are few.",
        where=_PYTHON,
        besides=(*_TESTS, "src/guanxi/config/**/*.py", "src/guanxi/design/*.py", "src/guanxi/core/clock.py"),
        find=lines(r"\b(?:timezone|datetime)\.(?:now|utcnow)\("),
        good=("clock.now()",),
        bad=("timezone.now()", "datetime.now(UTC)"),
    ),
    Rule(
        name="pages and API begin at what the member may see",
        why="Scope is decided in one place: Customer.objects.visible_to(member).",
        where=(
            "src/guanxi/*/**/views/*.py",
            "src/guanxi/*/**/panels/*.py",
            "src/guanxi/*/**/api/*.py",
            "src/guanxi/*/api.py",
        ),
        besides=_TESTS,
        find=lines(r"\bCustomer\.(?:objects|_default_manager)(?!\.visible_to\()(?!\s*$)"),
        good=("Customer.objects.visible_to(member).filter(pk=customer_id)", "Tag.objects.order_by('name')"),
        bad=(
            "Customer.objects.all()",
            "Customer.objects.filter(pk=customer_id)",
            "get_object_or_404(Customer.objects)",
        ),
        excused={
            "src/guanxi/customers/api/customers.py": "fills in a page of ids that the scoped list or a verb gave",
            "src/guanxi/customers/api/duplicates.py": "the ids passed see_customers, which is scoped",
            "src/guanxi/customers/panels/history.py": "names of records that a visible customer absorbed",
            "src/guanxi/customers/panels/controls.py": "whether a typed reference exists at all",
            "src/guanxi/desk/views/customer.py": "follows a merged record to its survivor, asked for by scope",
            "src/guanxi/desk/views/home.py": "whether the base is empty, and the member's own customers",
        },
    ),
    Rule(
        name="every word of a template can be translated",
        why="English and Chinese are complete at every commit: text goes through gettext.",
        where=(*_TEMPLATES, "src/guanxi/*/templates/**/*.txt"),
        find=untranslated,
        good=(
            '<h1>{{ _("Customers") }}</h1>',
            "<p>{% trans count=n %}{{ count }} row{% pluralize %}{{ count }} rows{% endtrans %}</p>",
            '<a href="/" aria-label="Guanxi">{{ parts.logo() }}</a>',
            '<button title="{{ _("Close") }}">{{ icon("x", 18) }}</button>',
            '<th>{{ pgettext("person", "Name") }}</th>',
            "{#- The frame of everything -#}",
            "<kbd>Esc</kbd><code>guanxi demo</code>",
            "{% block body_class %}bare{% endblock %}",
            '{% macro form(a) %}method="post" hx-target="#a"{% endmacro %}',
            '{{ ui.link_button(_("New customer"), url("customer_new"), icon="user-plus") }}',
        ),
        bad=(
            "<h1>Customers</h1>",
            "<p>没有客户</p>",
            '<input placeholder="Name or phone">',
            '<img alt="Portrait">',
            '{{ ui.button("Save changes") }}',
            '{{ ui.empty("users", "还没有客户") }}',
        ),
        excused={
            "src/guanxi/design/templates/design/parts.html": "languages are named each in its own",
            "src/guanxi/design/templates/design/guide.html": "samples for developers, shown only with GUANXI_DEBUG",
        },
    ),
    Rule(
        name="a page carries no script of its own",
        why="Behaviour is in modules that can be cached, checked and forbidden elsewhere by a content policy.",
        where=_TEMPLATES,
        find=lines(
            r"<script(?![^>]*\s(?:src=|type=.application/json))|(?<![\w-])on[a-z]+\s*=\s*[\"']|javascript:|hx-on"
        ),
        good=(
            '<script type="module" src="{{ static("desk/js/composer.js") }}"></script>',
            '<div class="on" data-on="1">',
        ),
        bad=("<script>go()</script>", '<a onclick="go()">', '<a href="javascript:go()">', '<div hx-on:click="go()">'),
    ),
    Rule(
        name="text is escaped unless it was cleaned",
        why="A customer's name may hold HTML; |safe is for what this program wrote itself.",
        where=_TEMPLATES,
        find=lines(r"(?<!['\"])\|\s*safe\b|autoescape\s+false"),
        good=("{{ customer.name }}", "{{ note.text|urlize }}", "{% trans count='<b>0</b>'|safe %}"),
        bad=("{{ customer.name|safe }}", "{% autoescape false %}"),
    ),
    Rule(
        name="no file knows a registry or a machine",
        why="Clones are built from whatever mirror and folder their owner has.",
        where=("**/*", "*"),
        find=lines(_registries() + r"|(?<![\w./])/(?:wo" + r"rk|ro" + r"ot|Us" + r"ers|ho" + r"me/[a-z]+)/\w"),
        good=("Django>=5.2,<5.3", "GUANXI_HOME=/var/lib/guanxi", "src/guanxi/home/page"),
        bad=("https://py" + "pi.org/simple", "cd /wo" + "rk/main", '"resolved": "https://registry.npm' + 'js.org/x"'),
    ),
    Rule(
        name="domains do not signal one another",
        why="They record events; a reader that fails is seen, waits and goes on. A signal vanishes.",
        where=_PYTHON,
        find=lines(r"django\.db\.models\.signals|django\.dispatch"),
        good=("from guanxi.core import events", "from allauth.account.signals import password_changed"),
        bad=("from django.db.models.signals import post_save", "from django.dispatch import receiver"),
        excused={"src/guanxi/staff/reactions.py": "listens to allauth, which tells of passkeys in no other way"},
    ),
    Rule(
        name="tests wait for things, not for time",
        why="A sleep is too short on a slow machine and too long on every other.",
        where=("src/guanxi/**/tests/**", "tests/**/*.py"),
        besides=("tests/architecture/rules.py",),
        find=lines(r"\bsleep\(|wait_for_timeout\("),
        good=('expect(page.get_by_role("dialog")).to_be_visible()',),
        bad=("time.sleep(1)", "page.wait_for_timeout(500)"),
        excused={
            "src/guanxi/config/tests/test_front_door.py": "a task that is cancelled, never waited for",
            "tests/conftest.py": "wait_until looks at what lies in other processes, which tell nobody",
        },
    ),
]
