"""The server's settings, from the size of the machine."""

from __future__ import annotations

import os
from pathlib import Path

MB = 1024 * 1024
GB = 1024 * MB


def machine_memory() -> int:
    """Bytes of memory this process may use: the machine's, or the container's when that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = Path(path).read_text().strip()
        except OSError:
            continue
        if limit.isdigit():
            return min(total, int(limit))
    return total


def settings(*, memory: int, cores: int, major: int) -> dict[str, str]:
    """What differs from PostgreSQL's defaults for a machine with `memory` bytes.

    `shared_buffers` stops at 1 GB: the server touches a header of every page at start, and beyond that the
    operating system's own cache serves as well.
    """
    chosen = {
        "shared_buffers": _between(memory // 4, 64 * MB, GB),
        "effective_cache_size": _between(memory * 6 // 10, 256 * MB, 512 * GB),
        "work_mem": _between(memory // 512, 8 * MB, 64 * MB),
        "maintenance_work_mem": _between(memory // 16, 64 * MB, GB),
        "max_wal_size": "4GB",
        "min_wal_size": "160MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_compression": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "max_connections": "100",
        "max_parallel_workers": str(max(2, cores)),
        "max_parallel_workers_per_gather": str(max(1, min(4, cores // 2))),
        "huge_pages": "off",
        "autovacuum_max_workers": "2",
        "autovacuum_naptime": "30s",
        "autovacuum_vacuum_scale_factor": "0.02",
        "autovacuum_vacuum_insert_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "autovacuum_vacuum_cost_limit": "2000",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if major >= 18:
        chosen["io_workers"] = "2"
    return chosen


FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
}
"""For tests: quick, and lost when the machine stops."""


def _between(size: int, least: int, most: int) -> str:
    return f"{max(least, min(size, most)) // MB}MB"
