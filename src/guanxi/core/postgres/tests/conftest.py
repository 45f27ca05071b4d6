from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the database's own user can reach when root runs the tests, as pytest's tmp_path cannot."""
    folder = Path(tempfile.mkdtemp(prefix="guanxi-home-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
