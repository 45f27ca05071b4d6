"""Runs the benches one after another: `python -m bench [name …]`, or `make bench` for all.

A PostgreSQL of the bench's own is started in a home that is kept between runs (GUANXI_BENCH_HOME, default
/var/tmp/guanxi-bench), so that the base of a million customers is made only once. Absolute figures are this machine's,
on the day; ratios hold elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GUANXI_BENCH_HOME", "/var/tmp/guanxi-bench"))
BIG = ["--database", "guanxi_big"]
# Name, arguments, and whether it works on the bench's own server; the others start a product of their own.
BENCHES: list[tuple[str, list[str], bool]] = [
    ("start", [], False),
    ("intake", [], False),
    ("imports", [], True),
    ("duplicates", [], True),
    ("big", BIG, True),
    ("list", BIG, True),
    ("search", BIG, True),
    ("page", BIG, True),
]


def main(wanted: list[str]) -> int:
    """Run the benches named, or all; the number of those that failed."""
    unknown = set(wanted) - {name for name, _arguments, _server in BENCHES}
    if unknown:
        raise SystemExit(f"No bench is called {', '.join(sorted(unknown))}.")
    chosen = [bench for bench in BENCHES if not wanted or bench[0] in wanted]
    return sum(run(*bench) for bench in chosen)


def run(name: str, arguments: list[str], needs_server: bool) -> int:
    """One bench in a process of its own; 1 when it failed."""
    print(f"== {name}", flush=True)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "GUANXI_HOME": str(HOME)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    if not needs_server:
        return int(subprocess.run(command, env=environment, cwd=ROOT).returncode != 0)
    sys.path.insert(0, str(ROOT / "src"))
    from guanxi.core.postgres import Cluster

    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o711)
    cluster = Cluster(HOME)
    with cluster.acquire():
        environment["DATABASE_URL"] = cluster.address
        return int(subprocess.run(command, env=environment, cwd=ROOT).returncode != 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
