"""`guanxi up` for real: what is killed comes back, and nothing is left when it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.conftest import Product, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


def _health(product: Product) -> dict[str, object]:
    status, body = product.get("/health")
    return {"http": status, **(json.loads(body) if body else {})}


def _kill(processes: list[psutil.Process]) -> None:
    assert processes
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def test_the_first_page_answers_and_every_part_is_well(product: Product) -> None:
    assert product.get("/")[0] == 200
    wait_until(lambda: _health(product).get("status") == "ok")


def test_killed_web_processes_come_back(product: Product) -> None:
    _kill(product.parts("guanxi.config.cli web"))
    wait_until(product.is_ready)
    assert product.get("/")[0] == 200


def test_one_killed_web_process_of_two_comes_back(product: Product) -> None:
    main = next(p for p in product.parts("guanxi.config.cli web") if p.ppid() == product.process.pid)
    before = main.children()
    _kill(before[:1])
    wait_until(lambda: len(main.children()) == len(before) and before[0] not in main.children())
    assert product.get("/")[0] == 200


def test_a_killed_worker_comes_back(product: Product) -> None:
    wait_until(lambda: _health(product).get("status") == "ok")
    _kill(product.parts("guanxi.config.cli worker"))
    wait_until(lambda: bool(product.parts("guanxi.config.cli worker")))
    wait_until(lambda: _health(product).get("status") == "ok")


def test_a_killed_database_comes_back(product: Product) -> None:
    _kill([p for p in product.parts("bin/postgres") if "keeper.py" not in " ".join(p.cmdline())])
    wait_until(product.is_ready)
    assert product.get("/")[0] == 200


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_leaves_no_process_behind(product: Product, asked: signal.Signals) -> None:
    tree = product.tree()
    assert len(tree) >= 8
    product.process.send_signal(asked)
    assert product.process.wait(timeout=60) == 0
    _, alive = psutil.wait_procs(tree, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_when_it_is_killed_itself_its_parts_end_too(product: Product) -> None:
    tree = product.tree()
    product.process.kill()
    product.process.wait()
    _, alive = psutil.wait_procs(tree, timeout=40)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_a_taken_port_is_said_in_one_sentence(product: Product) -> None:
    environment = os.environ | {"GUANXI_HOME": str(product.home), "GUANXI_PORT": str(product.port)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "guanxi.config.cli", "up"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"guanxi: Port {product.port} is taken by another program: "
        "stop it, or choose another with --port or GUANXI_PORT."
    )
