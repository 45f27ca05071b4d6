from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from guanxi.core.errors import Refused
from guanxi.core.storage import PrivateStorage, refuse_large, sniff


def test_files_are_stored_privately_under_names_nobody_guesses(tmp_path: Path) -> None:
    storage = PrivateStorage(location=tmp_path)
    name = storage.save("notes/报价 单.PDF", ContentFile(b"%PDF-1.7"))
    assert name.startswith("notes/")
    assert name.endswith(".pdf")
    assert "报价" not in name
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="view"):
        storage.url(name)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"%PDF-1.4", "application/pdf"),
        ("姓名,电话\n张三,1".encode(), "text/plain"),
        ("姓名,电话".encode("gb18030"), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_the_kind_is_told_by_the_content(content: bytes, kind: str) -> None:
    assert sniff(ContentFile(content, name="photo.png")) == kind


def test_a_file_that_is_too_large_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="big.bin"):
        refuse_large(ContentFile(b"12345", name="big.bin"), largest=4)
