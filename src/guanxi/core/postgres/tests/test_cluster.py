"""The embedded server, really started and really killed."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from guanxi.core.postgres import Cluster, UnableToStart
from guanxi.core.postgres.layout import Layout

pytestmark = pytest.mark.processes


def _ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.address) as connection:
        answer = connection.execute(question).fetchone()
    assert answer is not None
    return answer[0]


def _kill(pid: int) -> None:
    process = psutil.Process(pid)
    process.kill()
    psutil.wait_procs([process], timeout=10)


def test_the_server_runs_until_its_last_user_lets_go(home: Path) -> None:
    cluster = Cluster(home, forgetful=True)
    first = cluster.acquire()
    second = Cluster(home, forgetful=True).acquire()
    server = psutil.Process(cluster.server_pid())

    first.release()
    assert cluster.is_up()

    second.release()
    assert not cluster.is_up()
    assert not server.is_running()


def test_of_two_that_start_at_once_one_starts_the_server(home: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        leases = list(pool.map(lambda _: Cluster(home, forgetful=True).acquire(), range(4)))
    assert len({lease.cluster.server_pid() for lease in leases}) == 1
    for lease in leases:
        lease.release()


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    cluster = Cluster(home)
    with cluster.acquire():
        with psycopg.connect(cluster.address, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        _kill(cluster.server_pid())

        cluster.bring_up()

        assert _ask(cluster, "SELECT number FROM kept") == 7


def test_the_server_ends_with_a_user_that_was_killed(home: Path) -> None:
    script = (
        "import sys, signal; from pathlib import Path; from guanxi.core.postgres import Cluster;"
        "lease = Cluster(Path(sys.argv[1]), forgetful=True).acquire();"
        "print(lease.cluster.server_pid(), flush=True); signal.pause()"
    )
    user = subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    server = psutil.Process(int(user.stdout.readline()))

    user.kill()
    user.communicate()

    server.wait(timeout=20)


def test_the_server_ends_when_its_keeper_is_killed_and_is_started_again(home: Path) -> None:
    cluster = Cluster(home)
    with cluster.acquire():
        server = psutil.Process(cluster.server_pid())
        _kill(cluster._status()["keeper"])

        cluster.bring_up()

        assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
        assert _ask(cluster, "SELECT 1") == 1


def test_search_knows_chinese_letters(home: Path) -> None:
    cluster = Cluster(home, forgetful=True)
    with cluster.acquire():
        assert _ask(cluster, "SELECT cardinality(show_trgm('张三丰'))") == 4
        assert _ask(cluster, "SELECT lower('ÄÖ')") == "äö"


def test_nobody_else_reaches_the_socket_and_no_port_is_open(home: Path) -> None:
    cluster = Cluster(home, forgetful=True)
    with cluster.acquire():
        assert cluster.layout.socket.stat().st_mode & 0o777 == 0o700
        assert _ask(cluster, "SELECT current_setting('listen_addresses')") == ""
        assert (cluster.layout.data.stat().st_mode & 0o777) == 0o700


def test_the_mark_of_a_killed_server_does_not_stop_the_next_one(home: Path) -> None:
    cluster = Cluster(home, forgetful=True)
    cluster.acquire().release()
    mark = cluster.layout.data / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{cluster.layout.data}\n")

    with cluster.acquire():
        assert cluster.is_up()


def test_data_of_another_version_are_refused_with_the_way_out(home: Path) -> None:
    cluster = Cluster(home, forgetful=True)
    cluster.acquire().release()
    (cluster.layout.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(UnableToStart, match=r"PostgreSQL 14.*GUANXI_PG_BIN"):
        cluster.acquire()


def test_a_folder_without_postgres_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_PG_BIN", str(home))
    with pytest.raises(UnableToStart, match="GUANXI_PG_BIN"):
        Cluster(home).acquire()


def test_a_long_home_gets_a_socket_in_a_short_place() -> None:
    deep = Layout(Path("/var") / ("deep/" * 30))
    assert len(str(deep.socket)) < 60
    assert Layout(Path("/var/lib/guanxi")).socket == Path("/var/lib/guanxi/postgres/socket")
