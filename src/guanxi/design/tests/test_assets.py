"""Front-end libraries: found where npm put them, nothing else, and a hint when they are missing."""

from pathlib import Path

from django.template.loader import get_template

from guanxi.design import assets
from guanxi.design.assets import LIBRARIES, VendorFinder, check_libraries, gather


def test_each_listed_library_is_found_and_no_other_file_of_node_modules():
    finder = VendorFinder()
    assert {name for name, _ in finder.list(None)} == set(LIBRARIES)
    assert Path(finder.find("vendor/htmx.min.js")).is_file()
    assert finder.find("vendor/../package.json") == []
    assert finder.find("htmx.min.js") == []


def test_a_library_is_served_without_its_source_map():
    storage = VendorFinder().storage
    with storage.open("tabler.min.css") as opened:
        assert b"sourceMappingURL" not in opened.read()


def test_missing_libraries_are_named_with_the_mend(tmp_path, monkeypatch):
    assert check_libraries() == []
    monkeypatch.setattr(assets, "NODE_MODULES", tmp_path)
    monkeypatch.setattr(assets, "icon_folder", lambda: tmp_path)
    [error] = check_libraries()
    assert "htmx.min.js" in error.msg
    assert "npm ci" in error.hint


def test_a_wheel_carries_the_same_files(tmp_path):
    gather(tmp_path)
    assert {file.name for file in tmp_path.iterdir() if file.is_file()} == set(LIBRARIES)
    assert (tmp_path / "icons" / "outline" / "users.svg").is_file()


def test_pages_load_only_what_is_listed():
    source = Path(get_template("design/document.html").origin.name).read_text()
    loaded = {name.partition('"')[0] for name in source.split('static("vendor/')[1:]}
    assert loaded <= set(LIBRARIES)
