"""Whole pages, fragments, toasts and errors."""

import json

import pytest
from django.utils import translation
from jinja2 import UndefinedError

from guanxi.design import pages, views
from guanxi.design.pages import block, done, page, toast

LIST = """{% extends "design/shell.html" %}
{% from "row.html" import row %}
{% set greeting = "Hello" %}
{% block title %}Customers{% endblock %}
{% block content %}
{% block customer_list %}<ul id="customer_list">{{ row(greeting, name) }}</ul>{% endblock %}
{% endblock %}
"""
ROW = "{% macro row(greeting, name) %}<li>{{ greeting }} {{ name }}</li>{% endmacro %}"


@pytest.fixture
def customers(templates):
    (templates / "list.html").write_text(LIST)
    (templates / "row.html").write_text(ROW)
    return "list.html"


def test_a_browser_gets_the_whole_page(customers, request_for):
    answer = page(request_for(), customers, {"name": "张三丰"})
    text = answer.content.decode()
    assert text.startswith("<!doctype html>")
    assert "<li>Hello 张三丰</li>" in text
    assert "HX-Request" in answer.headers["Vary"]


def test_htmx_gets_only_the_block_it_names_with_what_the_template_imports_and_sets(customers, request_for):
    request = request_for(HX_Request="true", HX_Target="customer_list")
    answer = page(request, customers, {"name": "张三丰"}, status=422)
    assert answer.content.decode() == '<ul id="customer_list"><li>Hello 张三丰</li></ul>'
    assert answer.status_code == 422


def test_htmx_gets_the_whole_page_when_its_target_is_no_block_or_history_is_restored(customers, request_for):
    elsewhere = request_for(HX_Request="true", HX_Target="somewhere")
    restored = request_for(HX_Request="true", HX_Target="customer_list", HX_History_Restore_Request="true")
    for request in (elsewhere, restored):
        assert page(request, customers, {"name": ""}).content.startswith(b"<!doctype html>")


def test_a_fragment_is_escaped_as_the_page_is(customers, request_for):
    request = request_for(HX_Request="true", HX_Target="customer_list")
    assert "&lt;b&gt;" in page(request, customers, {"name": "<b>Ada</b>"}).content.decode()


def test_a_block_can_be_rendered_for_a_second_swap(customers, request_for):
    assert "Ada" in block(request_for(), customers, "customer_list", {"name": "Ada"})
    with pytest.raises(LookupError, match="no block"):
        block(request_for(), customers, "nonsense", {"name": "Ada"})


def test_a_name_that_was_not_passed_may_be_tested_but_not_printed(templates, request_for):
    (templates / "slip.html").write_text("{% if hint %}yes{% else %}no{% endif %}{{ costumer }}")
    with pytest.raises(UndefinedError, match="costumer"):
        page(request_for(), "slip.html")


def test_a_toast_stands_on_the_next_page_with_its_undo(customers, request_for):
    request = request_for()
    toast(request, "Merged <two>", undo_url="/merges/7/undo")
    text = page(request, customers, {"name": ""}).content.decode()
    assert "Merged &lt;two&gt;" in text
    assert 'action="/merges/7/undo"' in text


def test_a_toast_travels_with_a_fragment_and_is_shown_once(customers, request_for):
    request = request_for(HX_Request="true", HX_Target="customer_list")
    toast(request, "标签已添加", undo_url="/undo")
    answer = page(request, customers, {"name": ""})
    [told] = json.loads(answer.headers["HX-Trigger"])["guanxi:toast"]["toasts"]
    assert told == {"text": "标签已添加", "level": "success", "undo": "/undo"}
    assert request._messages.used


def test_an_answer_without_body_carries_events_beside_toasts(request_for):
    request = request_for(HX_Request="true")
    toast(request, "Saved")
    answer = done(request, events={"guanxi:close-dialog": {}})
    assert answer.status_code == 204
    assert set(json.loads(answer.headers["HX-Trigger"])) == {"guanxi:close-dialog", "guanxi:toast"}


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.forbidden, 403),
        (views.csrf_failure, 403),
        (views.not_found, 404),
        (views.server_error, 500),
    ],
)
def test_errors_say_what_to_do_next(templates, request_for, view, status):
    answer = view(request_for("/lost/"))
    assert answer.status_code == status
    assert 'href="/"' in answer.content.decode()


def test_an_error_page_needs_neither_session_nor_context_processors(templates, request_for, monkeypatch):
    request = request_for()
    del request._messages
    del request.user
    monkeypatch.setattr(pages, "_values", lambda *_: pytest.fail("context processors were asked"))
    assert views.server_error(request).status_code == 500


def test_a_refusal_gives_the_reason_of_the_view(templates, request_for):
    answer = views.forbidden(request_for(), PermissionError("Only the owner may hand over."))
    assert "Only the owner may hand over." in answer.content.decode()


def test_the_frame_speaks_the_readers_language(customers, request_for):
    with translation.override("zh-hans"):
        text = page(request_for(), customers, {"name": ""}).content.decode()
    assert '<html lang="zh-Hans">' in text


def test_the_frame_has_no_inline_script_style_or_handler(customers, request_for):
    text = page(request_for(), customers, {"name": ""}).content.decode()
    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick=" not in text
