"""The components: what comes from people is escaped, what assistive technology needs is there."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory
from jinja2 import UndefinedError

from guanxi.design.icons import UnknownIconError, icon, icon_or_nothing

HOSTILE = '"><script>alert(1)</script>'


class PersonForm(forms.Form):
    name = forms.CharField(help_text="As written.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    city = forms.ChoiceField(choices=[(str(n), str(n)) for n in range(9)])
    channels = forms.MultipleChoiceField(choices=[("a", "A")])
    birthday = forms.DateField(required=False)
    file = forms.FileField(required=False)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.button(name, data_label=name) }}",
        "{{ ui.tag(name, name, remove=name) }}",
        "{{ ui.person(name, 1, href=name, detail=name) }}",
        "{{ ui.filter_chip(name, name, remove=name) }}",
        "{{ ui.row_checkbox(1, name) }}",
        "{{ ui.detail(name, name, edit=name) }}",
        "{{ ui.toast(name, undo=name) }}",
        "{{ ui.search_option(name, name, name) }}",
        "{% call ui.card(name) %}{{ name }}{% endcall %}",
        "{% call ui.alert('danger', name) %}{{ name }}{% endcall %}",
        "{{ ui.timeline_item('tag', name, now, actor=name) }}",
    ],
)
def test_names_are_escaped(render, source):
    written = render(source, name=HOSTILE, now=dt.datetime.now(dt.UTC))
    assert "<script" not in written
    assert '""' not in written.replace('=""', "")


def test_a_field_is_tied_to_its_help_and_its_error(render):
    written = render("{{ ui.field(form.name) }}", form=PersonForm({"name": ""}))
    assert 'aria-describedby="id_name-help id_name-error"' in written
    assert 'aria-invalid="true"' in written
    assert 'id="id_name-error"' in written


def test_long_and_multiple_selects_are_searchable_and_short_ones_are_not(render):
    form = PersonForm()
    assert "data-tom-select" not in render("{{ ui.field(form.kind) }}", form=form)
    assert "data-tom-select" in render("{{ ui.field(form.city) }}", form=form)
    assert "data-tom-select" in render("{{ ui.field(form.channels) }}", form=form)


def test_a_date_is_given_in_the_form_browsers_read(render):
    form = PersonForm(initial={"birthday": dt.date(2026, 3, 8)})
    written = render("{{ ui.field(form.birthday) }}", form=form)
    assert 'type="date"' in written
    assert 'value="2026-03-08"' in written
    assert 'type="text"' not in written


def test_a_whole_form_counts_what_is_wrong(render):
    form = PersonForm({})
    assert "4 fields need another look." in render("{{ ui.form_errors(form) }}{{ ui.fields(form) }}", form=form)
    assert render("{{ ui.form_errors(form) }}", form=PersonForm()).strip() == ""


def test_a_sorted_column_says_so_and_turns_round(render):
    request = RequestFactory().get("/?sort=name&stage=2&after=x")
    written = render('{{ ui.sort_header(request, "Name", "name") }}', request=request)
    assert 'aria-sort="ascending"' in written
    assert 'href="?stage=2&amp;sort=-name"' in written
    assert "aria-sort" not in render('{{ ui.sort_header(request, "City", "city") }}', request=request)


def test_the_pager_follows_cursors_and_caps_the_count(render):
    request = RequestFactory().get("/?stage=2&before=old")
    written = render('{{ ui.pager(request, previous="p", next="n", total=10000, cap=10000) }}', request=request)
    assert "10,000+ entries" in written
    assert "?stage=2&amp;after=n" in written
    assert "?stage=2&amp;before=p" in written
    assert 'aria-disabled="true"' in render("{{ ui.pager(request) }}", request=request)


def test_progress_asks_again_only_while_it_runs(render):
    work = SimpleNamespace(id=7, title="Import", done=3, total=10, state="running", eta=None)
    running = render('{{ ui.progress(work, "/p/7") }}', work=work)
    assert 'id="progress_7"' in running
    assert "30%" in running
    assert 'hx-get="/p/7"' in running
    work.state = "finished"
    assert "hx-get" not in render('{{ ui.progress(work, "/p/7") }}', work=work)


def test_an_icon_is_hidden_unless_it_speaks_for_itself():
    assert 'aria-hidden="true"' in icon("users")
    labelled = icon("users", label="<People>")
    assert 'role="img" aria-label="&lt;People&gt;"' in labelled
    assert "aria-hidden" not in labelled


def test_an_unknown_icon_is_a_slip_in_a_template_but_not_in_data():
    with pytest.raises(UnknownIconError, match="no-such-thing"):
        icon("no-such-thing")
    with pytest.raises(UnknownIconError):
        icon("../../../package")
    assert icon_or_nothing("../../../package") == ""


def test_a_component_that_does_not_exist_is_named(render):
    with pytest.raises(UndefinedError, match="buton"):
        render("{{ ui.buton() }}")


def test_a_list_of_values_in_a_query_survives_a_filter_link(render):
    written = render("{{ querystring(query, page=2) }}", query=QueryDict("tag=1&tag=2"))
    assert written == "?tag=1&amp;tag=2&amp;page=2"
