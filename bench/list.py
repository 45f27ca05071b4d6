"""How long a page of the customers' list takes in the server, by filter, order and place, with its queries and size.

    python bench/list.py --database guanxi_big

Reads a base made by bench/big.py. Each list is asked for its first and, where it is that long, its 1,000th page, as the
browser of an administrator asks: session, rights, page and all.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

BOUND_MS, MOST_QUERIES, MOST_BYTES = 100.0, 12, 150_000
DEEP = 999 * 50

FILTERS = """
tag=1 tag=25 tag=30 tag=3&tag=5 tag_all=1&tag_all=2 tag_all=1&tag_all=30 tag_none=1 city=上海
city=上海&city=北京 region=广东 country=IS country=CN language=fr language=en kind=company kind=person
gender=other gender=female title=CEO birthday_from=1990-01-01&birthday_to=1990-12-31 birthday_month=3
stage=6 stage=5 stage=none stage=1&stage=2 owner=me owner=none owner=department collaborator=9003
source=1 source=8 created_days=90 created_from=2024-06-01&created_to=2024-07-01 open_follow_up=yes
open_follow_up=no has_phone=yes has_phone=no has_email=yes has_wechat=yes email_domain=qq.com
email_domain=firm40.cn no_purchase_days=90 no_purchase_days=900 last_event_days=60 last_purchase_days=30
events_from=100 events_to=3 purchases_from=5 purchase_total_from=1000 name=张三 name=李 name=三丰 name=smith
name=公司 name_starts=王 field.level=gold field.level=plain field.level_empty=yes field.points_from=9000
field.points_from=10&field.points_to=20 field.renewal_days=60 field.interests=yacht field.interests=sport
field.interests_all=sport&field.interests_all=music field.newsletter=yes field.account=A-00000007
field.account_has=0077 field.account_empty=no field.adviser=55
""".split()  # noqa: SIM905 - as addresses write them
ORDERS = [
    "newest",
    "name",
    "created",
    "birthday",
    "city",
    "company",
    "stage",
    "last_event",
    "last_purchase",
    "events",
    "purchases",
    "purchase_total",
]
OWN_ORDERS = ["field.points", "field.renewal", "field.level", "field.account"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="guanxi_big")
    parser.add_argument("--repeat", type=int, default=7)
    asked = parser.parse_args()
    client = open_base(asked.database)
    print(f"{'milliseconds in the server':52} {'p50':>7} {'p95':>7} {'queries':>8} {'kB':>5}")
    taken, worst = [], {"queries": 0, "bytes": 0}
    for query in lists():
        for place, address in places(query):
            times, queries, size = measure(client, address, asked.repeat)
            taken += times
            worst = {"queries": max(worst["queries"], queries), "bytes": max(worst["bytes"], size)}
            low, high = statistics.median(times), p95(times)
            flag = "" if high <= BOUND_MS and queries <= MOST_QUERIES else "  over"
            print(f"{f'{query} {place}':52} {low:7.1f} {high:7.1f} {queries:8} {size // 1000:5}{flag}", flush=True)
    share = p95(taken) / BOUND_MS
    print(f"all pages: p50 {statistics.median(taken):.1f} ms, p95 {p95(taken):.1f} ms, {share:.2f} of the bound")
    print(f"at most {worst['queries']} queries (bound {MOST_QUERIES}), {worst['bytes']:,} bytes (bound {MOST_BYTES:,})")
    return int(p95(taken) > BOUND_MS or worst["queries"] > MOST_QUERIES or worst["bytes"] > MOST_BYTES)


def open_base(database: str) -> Any:
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from guanxi.staff.models import Member

    client = Client(HTTP_HOST="localhost")
    client.force_login(Member.objects.get(email="m1@big.example"), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def lists() -> Iterator[str]:
    yield from FILTERS
    for order in (*ORDERS, *OWN_ORDERS):
        yield f"sort={order}"
        yield f"sort=-{order}"


def places(query: str) -> Iterator[tuple[str, str]]:
    """The address of the list's first page and of its 1,000th, which begins after the row that ends the 999th."""
    yield "first", f"?{query}"
    deep = deep_place(query)
    if deep:
        yield "1,000th", f"?{query}&{urlencode({'after': deep})}"


def deep_place(query: str) -> str:
    from django.db.models import F
    from django.http import QueryDict

    from guanxi.core import clock
    from guanxi.customers.listing.filters import Asking, Catalogue, Filters
    from guanxi.customers.listing.finding import Listing, choose_sort
    from guanxi.customers.listing.places import Place
    from guanxi.customers.listing.sorts import sorts
    from guanxi.customers.models import Customer
    from guanxi.staff.models import Member

    given, catalogue = QueryDict(query), Catalogue.now()
    asking = Asking(Member.objects.get(email="m1@big.example"), clock.now())
    filters = Filters.read(given, asking, catalogue)
    if filters.problems:
        raise SystemExit(f"{query}: {filters.problems}")
    sort, falling = choose_sort(given.get("sort", ""), filters, sorts(catalogue.fields))
    last = list(Listing(filters, sort, falling).ids()[DEEP - 1 : DEEP])
    if not last:
        return ""
    if sort.by_id:
        return Place(False, None, last[0]).write(sort)
    value = Customer.objects.filter(pk=last[0]).annotate(at=sort.value or F("pk")).values_list("at", flat=True)[0]
    empty = value is None or value == ""
    return Place(empty, None if empty else value, last[0]).write(sort)


def measure(client: Any, address: str, repeat: int) -> tuple[list[float], int, int]:
    """Milliseconds of each call after two to warm up, and the queries and bytes of one."""
    from django.db import connection

    for _ in range(2):
        response = client.get(f"/customers/{address}")
    if response.status_code != 200 or not re.search(b"data-row|empty-state", response.content):
        raise SystemExit(f"{address}: {response.status_code}")
    statements: list[str] = []

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        statements.append(statement)
        return execute(statement, *rest)

    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        client.get(f"/customers/{address}")
        times.append((time.perf_counter() - started) * 1000)
    with connection.execute_wrapper(note):
        client.get(f"/customers/{address}")
    return times, len(statements), len(response.content)


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.95))]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    raise SystemExit(main())
