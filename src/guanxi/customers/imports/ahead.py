"""Working one step ahead: while the database is busy with a batch, the next one is read and cleaned."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

from django.utils import translation

Item = TypeVar("Item")

_PATIENCE = 0.2


def ahead(items: Iterator[Item]) -> Generator[Item]:
    """The same items, one made in a thread of its own while the last is used.

    What making one raises is raised here, in its turn. The thread speaks the caller's language and must not touch
    the database. Close the generator, or exhaust it, and the thread ends.
    """
    maker = _Maker(items)
    maker.start()
    try:
        yield from maker.made()
    finally:
        maker.stopped.set()
        maker.thread.join()


class _Maker(Generic[Item]):
    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._waiting: Queue[Item | _End] = Queue(maxsize=1)
        self.stopped = Event()
        self._language = translation.get_language()
        self.thread = Thread(target=self._make, name="import-ahead", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def made(self) -> Iterator[Item]:
        while True:
            item = self._waiting.get()
            if isinstance(item, _End):
                if item.fault is not None:
                    raise item.fault
                return
            yield item

    def _make(self) -> None:
        fault: BaseException | None = None
        try:
            with translation.override(self._language):
                for item in self._items:
                    if not self._offer(item):
                        return
        except BaseException as raised:  # raised again where the items are used
            fault = raised
        self._offer(_End(fault))

    def _offer(self, item: Item | _End) -> bool:
        """Hand an item over; False when nobody wants it any more."""
        while not self.stopped.is_set():
            try:
                self._waiting.put(item, timeout=_PATIENCE)
            except Full:
                continue
            return True
        return False


class _End:
    """No more items; the fault that ended them, if one did."""

    def __init__(self, fault: BaseException | None) -> None:
        self.fault = fault
