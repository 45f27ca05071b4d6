"""How long the 360° page takes for a customer with 10,000 events, whole and scrolled, and each of its panels.

    python bench/page.py --database guanxi_big

Works on a base made by bench/big.py; the events it adds are rolled back at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

BOUND_MS = 100.0
EVENTS = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="guanxi_big")
    parser.add_argument("--turns", type=int, default=30)
    asked = parser.parse_args()
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{asked.database}"))
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        worst = measure_all(asked.turns)
        transaction.set_rollback(True)
    print(f"worst p95 {worst:.1f} ms, {worst / BOUND_MS:.2f} of the bound")
    return int(worst > BOUND_MS)


def measure_all(turns: int) -> float:
    from django.test import RequestFactory
    from django.urls import resolve

    from guanxi.customers.models import Customer
    from guanxi.desk.panels import PANELS
    from guanxi.staff.models import Member

    member = Member.objects.get_queryset().select_related("role").filter(role__is_administrator=True)[0]
    customer = Customer.objects.present().order_by("-id")[1234]
    tell_much(customer.pk)
    factory, here = RequestFactory(), f"/customers/{customer.pk}/"

    def ask(address: str, block: str = "") -> Callable[[], Any]:
        headers = {"HX-Request": "true", "HX-Target": block} if block else {}

        def once() -> int:
            request = factory.get(address, headers=headers)
            request.user, request.session, request._messages = member, {}, []  # type: ignore[assignment, attr-defined]
            found = resolve(urlsplit(address).path)
            response = found.func(request, *found.args, **found.kwargs)
            assert response.status_code == 200, address
            return len(response.content)

        return once

    middle = int(datetime(2025, 12, 1, tzinfo=UTC).timestamp() * 1_000_000)
    asked = {
        "page, whole": ask(here),
        "page, purchases only": ask(f"{here}?kind=purchases"),
        "page, notes only (there are none)": ask(f"{here}?kind=notes"),
        "timeline, scrolled to the middle": ask(f"{here}?before={middle}_1", "timeline_more"),
        "timeline, web only, scrolled": ask(f"{here}?kind=web&before={middle}_1", "timeline_more"),
    }
    asked |= {f"panel {each.slug}": ask(f"{here}{each.slug.replace('_', '-')}/", each.slug) for each in PANELS}
    asked |= {"home": ask("/")}
    print(f"{'milliseconds in the server':36} {'p50':>7} {'p95':>7} {'CPU':>7} {'kB':>7}   bound {BOUND_MS:.0f}")
    return max(measure(name, once, turns) for name, once in asked.items())


def measure(name: str, once: Callable[[], int], turns: int) -> float:
    size, taken, begun = once(), [], time.process_time()
    for _turn in range(turns):
        started = time.perf_counter()
        once()
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    own = (time.process_time() - begun) * 1000 / turns  # of this process; the rest is the database and waiting
    p95 = taken[int(len(taken) * 0.95)]
    print(f"{name:36} {taken[len(taken) // 2]:7.1f} {p95:7.1f} {own:7.1f} {size / 1024:7.1f}", flush=True)
    return p95


def tell_much(customer: int) -> None:
    """Ten thousand events over two years, as a faithful shopper's."""
    from guanxi.core.actors import Actor
    from guanxi.core.events import NewEvent, record_many

    start, by = datetime(2026, 11, 1, tzinfo=UTC), Actor.customer(customer)
    names = ["web.page_viewed", "web.product_viewed", "web.cart_updated", "shop.purchase_made", "loyalty.points_earned"]
    for batch in range(0, EVENTS, 1000):
        record_many(
            [
                NewEvent(
                    names[number % 5],
                    by,
                    customer,
                    start - timedelta(minutes=100 * number),
                    amount=Decimal("12.50") if number % 5 == 3 else None,
                    currency="CNY" if number % 5 == 3 else "",
                    payload={"url": f"https://shop.example.com/{number}", "product": "大红袍 250g"},
                )
                for number in range(batch, batch + 1000)
            ]
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    sys.exit(main())
