"""From the cells of a line to what happened: a purchase, or a refund when money went back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.events import PURCHASE_MADE, REFUND_MADE
from guanxi.customers.imports.plan import Column, Plan
from guanxi.customers.imports.rows import Problem, Purchase
from guanxi.kit.money import Money

PARTS = ("order", "product", "product_id", "category")
ESSENTIAL = frozenset({"at", "amount", "quantity", "price", "currency", "event_key"})
_SMALLEST = Decimal("0.0001")  # what the log keeps of an amount


def purchase_of(
    plan: Plan, told: dict[str, Any], key: tuple[str, int], problems: list[tuple[Column, Problem]]
) -> Purchase | tuple[str, Problem]:
    """The purchase that a line tells of, or the column at fault and why.

    The amount is the line's own, or quantity times price. Below zero, or a negative quantity of something free,
    it is a refund.
    """
    if problems and (fault := _fault(problems)):
        return fault
    at: datetime | None = told.get("at")
    if at is None:
        return _missing(plan, "at", Problem("date_missing", _("The line does not say when it happened.")))
    name, before = key
    if before:
        return _missing(
            plan, "event_key", Problem("key_repeated", _("An earlier row has the same number; it counts once."))
        )
    quantity: Decimal | None = told.get("quantity")
    money = _money(plan, told, quantity)
    if money is None:
        return _missing(plan, "amount", Problem("amount_missing", _("The line does not say how much it came to.")))
    amount = money.amount
    if amount != amount.quantize(_SMALLEST):
        amount = amount.quantize(_SMALLEST)
    is_refund = amount < 0 or (amount == 0 and quantity is not None and quantity < 0)
    return Purchase(
        name=REFUND_MADE if is_refund else PURCHASE_MADE,
        at=at,
        amount=amount,
        currency=told.get("currency") or money.currency,
        payload=_payload(told, quantity),
        key=name,
    )


def _money(plan: Plan, told: dict[str, Any], quantity: Decimal | None) -> Money | None:
    amount: Money | None = told.get("amount")
    if amount is not None:
        return amount
    price: Money | None = told.get("price")
    if price is None:
        return None
    return Money(price.amount * quantity if quantity is not None else price.amount, price.currency)


def _payload(told: dict[str, Any], quantity: Decimal | None) -> dict[str, Any]:
    payload = {part: told[part] for part in PARTS if part in told}
    if quantity is not None:
        payload["quantity"] = int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
    if "price" in told:
        payload["price"] = str(told["price"].amount)
    if "property" in told:
        payload |= {name: value for name, value in told["property"].items() if name not in payload}
    return payload


def _fault(problems: list[tuple[Column, Problem]]) -> tuple[str, Problem] | None:
    """The first problem with a cell that a purchase can't do without."""
    return next(((column.name, problem) for column, problem in problems if column.family in ESSENTIAL), None)


def _missing(plan: Plan, family: str, problem: Problem) -> tuple[str, Problem]:
    return next((column.name for column in plan.columns if column.family == family), ""), problem
