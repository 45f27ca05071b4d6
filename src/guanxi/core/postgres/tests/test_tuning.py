from __future__ import annotations

import pytest

from guanxi.core.postgres.tuning import GB, machine_memory, settings


@pytest.mark.parametrize(
    ("memory", "shared", "work"),
    [(GB, "256MB", "8MB"), (4 * GB, "1024MB", "8MB"), (24 * GB, "1024MB", "48MB"), (512 * GB, "1024MB", "64MB")],
)
def test_memory_follows_the_size_of_the_machine(memory: int, shared: str, work: str) -> None:
    chosen = settings(memory=memory, cores=2, major=18)
    assert chosen["shared_buffers"] == shared
    assert chosen["work_mem"] == work


def test_older_versions_are_spared_settings_they_do_not_know() -> None:
    assert "io_workers" not in settings(memory=GB, cores=2, major=17)


def test_the_machine_tells_its_memory() -> None:
    assert machine_memory() > 64 * 1024 * 1024
