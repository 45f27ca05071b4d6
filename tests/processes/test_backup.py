"""`guanxi backup` and `guanxi restore`, through the command line and PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guanxi.config import upkeep
from guanxi.core.postgres import Cluster

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi-backup-"))
    folder.chmod(0o711)
    cluster = Cluster(folder, forgetful=True)
    with cluster.acquire():
        yield cluster
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(cluster: Cluster, tmp_path: Path) -> Path:
    """A home with a signing key and one file, and a database with one customer."""
    home = tmp_path / "home"
    (home / "files" / "notes").mkdir(parents=True)
    (home / "files" / "notes" / "a.txt").write_text("合同")
    (home / "secret").write_text("the key")
    _run(cluster, "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    _run(cluster, "CREATE EXTENSION pg_trgm; CREATE TABLE customer (id bigint PRIMARY KEY, name text NOT NULL)")
    _run(cluster, "INSERT INTO customer VALUES (1, '张三丰')")
    return home


def _run(cluster: Cluster, statements: str) -> None:
    with psycopg.connect(cluster.address, autocommit=True) as connection:
        connection.execute(statements)


def _names(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.address) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM customer ORDER BY id")]


def test_what_was_backed_up_comes_back_twice_over(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    file = upkeep.backup(str(tmp_path / "one.tar"), home=home, url=cluster.address)
    assert file.stat().st_mode & 0o077 == 0
    for _ in range(2):  # a restored database can itself be backed up and restored
        _run(cluster, "UPDATE customer SET name = 'lost'; CREATE TABLE later (id int)")
        (home / "files" / "notes" / "a.txt").unlink()
        (home / "secret").write_text("another")

        upkeep.restore(str(file), home=home, url=cluster.address, replace=True)

        assert _names(cluster) == ["张三丰"]
        assert (home / "files" / "notes" / "a.txt").read_text() == "合同"
        assert (home / "secret").read_text() == "the key"
        with psycopg.connect(cluster.address) as connection:
            assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
        file = upkeep.backup(str(tmp_path / "two.tar"), home=home, url=cluster.address)


def test_a_full_database_is_not_overwritten_unasked(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    file = upkeep.backup(str(tmp_path / "one.tar"), home=home, url=cluster.address)
    with pytest.raises(upkeep.UnableToKeep, match="--replace"):
        upkeep.restore(str(file), home=home, url=cluster.address, replace=False)


def test_a_database_in_use_is_left_alone(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    file = upkeep.backup(str(tmp_path / "one.tar"), home=home, url=cluster.address)
    with (
        psycopg.connect(cluster.address),
        pytest.raises(upkeep.UnableToKeep, match="in use"),
    ):
        upkeep.restore(str(file), home=home, url=cluster.address, replace=True)


def test_a_damaged_backup_changes_nothing(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    whole = upkeep.backup(str(tmp_path / "one.tar"), home=home, url=cluster.address)
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole.read_bytes()[:4_000])
    for broken in (cut, tmp_path / "missing.tar", home / "secret"):
        with pytest.raises(upkeep.UnableToKeep):
            upkeep.restore(str(broken), home=home, url=cluster.address, replace=True)
    assert _names(cluster) == ["张三丰"]


def test_the_command_line_writes_a_backup(cluster: Cluster, home: Path, tmp_path: Path) -> None:
    environment = os.environ | {"DATABASE_URL": cluster.address, "GUANXI_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "guanxi.config.cli", "backup", str(tmp_path / "b.tar")],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Written: {tmp_path / 'b.tar'}")
