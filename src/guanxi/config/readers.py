"""`guanxi readers`: how far each reader has followed the event log, and reading it again."""

from __future__ import annotations

from guanxi.core.events import readers
from guanxi.core.models import ReaderPosition


def status() -> int:
    """Print one line a reader."""
    positions = {position.name: position for position in ReaderPosition.objects.all()}
    print(f"{'reader':<32} {'handled':>12} {'waiting':>9}  last moved")  # noqa: T201
    for name in sorted(readers().keys() | positions.keys()):
        position = positions.get(name)
        if position is None:
            print(f"{name:<32} {'–':>12} {'–':>9}  has not started")  # noqa: T201
            continue
        moved = f"{position.moved_at:%Y-%m-%d %H:%M:%S} UTC" if position.moved_at else "never"
        print(f"{name:<32} {position.handled_count:>12,} {position.lag():>9,}  {moved}")  # noqa: T201
        if position.failed_at:
            last = position.failure.strip().splitlines()[-1] if position.failure else ""
            print(f"{'':<32} failed at {position.failed_at:%Y-%m-%d %H:%M:%S} UTC: {last}")  # noqa: T201
    return 0


def rewind(name: str | None) -> int:
    """Let a reader read the whole log again; it handles each event at least once, so it must not mind."""
    reader = readers().get(name or "")
    if reader is None or not reader.rewind():
        known = ", ".join(sorted(readers())) or "none"
        print(f"There is no reader {name!r} that has started. Readers: {known}.")  # noqa: T201
        return 1
    print(f"{name} reads the log again from its beginning.")  # noqa: T201
    return 0
