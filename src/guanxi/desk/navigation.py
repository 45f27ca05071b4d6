"""Where one can go: the entries of the shell's navigation, its account menu and its bell, for the member who asks.

An entry is there when the member may open it and this installation has the page. Everything here is lazy:
a fragment that shows no frame pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.staff.models import Member


@dataclass(frozen=True, slots=True)
class Place:
    """A page that can be gone to. `needs` is (module, verb); `words` are what people may also call it."""

    url_name: str
    label: str | Promise
    icon: str
    needs: tuple[str, str] | None = None
    hotkey: str = ""
    words: str = ""
    children: tuple[Place, ...] = field(default=())


PLACES = (
    Place("home", gettext_lazy("Home"), "home", hotkey="g h", words="start dashboard 首页 主页"),
    Place(
        "customers",
        gettext_lazy("Customers"),
        "users",
        ("customers", "see"),
        hotkey="g c",
        words="people companies contacts 客户",
        children=(
            Place("customers", gettext_lazy("All customers"), "users", ("customers", "see")),
            Place(
                "duplicates",
                gettext_lazy("Duplicates"),
                "copy",
                ("customers", "see"),
                words="merge dedupe 重复 查重 合并",
            ),
            Place("imports", gettext_lazy("Imports"), "file-import", ("imports", "see"), words="upload csv excel 导入"),
        ),
    ),
    Place(
        "settings",
        gettext_lazy("Settings"),
        "settings",
        words="setup configure 设置",
        children=(
            Place("tags", gettext_lazy("Tags"), "tags", ("settings", "see"), words="labels 标签"),
            Place("fields", gettext_lazy("Fields"), "forms", ("settings", "see"), words="custom columns 字段"),
            Place("stages", gettext_lazy("Stages"), "stairs-up", ("settings", "see"), words="lifecycle 阶段 生命周期"),
            Place("sources", gettext_lazy("Sources"), "route", ("settings", "see"), words="channels 来源"),
            Place(
                "relationship_kinds",
                gettext_lazy("Relationships"),
                "affiliate",
                ("settings", "see"),
                words="kinds 关系",
            ),
            Place(
                "websites", gettext_lazy("Web sites"), "world-www", ("settings", "see"), words="tracking snippet 网站"
            ),
            Place(
                "people",
                gettext_lazy("People"),
                "user-cog",
                ("staff", "see"),
                words="staff members colleagues 员工 成员",
            ),
            Place("departments", gettext_lazy("Departments"), "hierarchy-2", ("staff", "see"), words="teams 部门"),
            Place(
                "roles",
                gettext_lazy("Roles"),
                "shield-lock",
                ("staff", "administer"),
                words="permissions rights 角色 权限",
            ),
            Place(
                "api_keys", gettext_lazy("API keys"), "key", ("settings", "administer"), words="programs tokens 密钥"
            ),
            Place(
                "readers",
                gettext_lazy("Event log"),
                "list-details",
                ("events", "administer"),
                words="audit readers 事件 日志",
            ),
        ),
    ),
)
OTHER_PLACES = (
    Place(
        "customer_new",
        gettext_lazy("New customer"),
        "user-plus",
        ("customers", "edit"),
        words="add create 新建 添加客户",
    ),
    Place(
        "import_new", gettext_lazy("Import a file"), "file-import", ("imports", "edit"), words="upload csv excel 导入"
    ),
    Place("reminders", gettext_lazy("Reminders and mentions"), "bell", words="notifications 提醒 通知"),
    Place("profile", gettext_lazy("My profile"), "user-circle", words="password language security 个人 密码 语言"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page."""
    user = getattr(request, "user", None)
    if not isinstance(user, Member):
        return {}
    return {
        "navigation": SimpleLazyObject(lambda: navigation(user, request.path)),
        "member_menu": SimpleLazyObject(lambda: _member_menu()),
        "bell": SimpleLazyObject(lambda: _bell(request, user)),
    }


def navigation(member: Member, path: str) -> list[dict[str, Any]]:
    """The entries this member may open; the one whose page is shown, or holds it, is active."""
    entries = []
    for place in PLACES:
        children = [_entry(child) for child in place.children if _is_open(child, member)]
        if place.children and not children:
            continue
        url = _address(place) or (children[0]["url"] if children else "")
        if not url or not (_may(place, member)):
            continue
        here = _deepest([child["url"] for child in children], path)
        for child in children:
            child["active"] = child["url"] == here
        active = path == url if url == "/" else bool(here) or path.startswith(url)
        entries.append(
            {
                "label": place.label,
                "icon": place.icon,
                "url": url,
                "active": active,
                "hotkey": place.hotkey,
                "children": children if len(children) > 1 else [],
                "count": 0,
            }
        )
    return entries


def places_for(member: Member, text: str, *, limit: int = 5) -> list[dict[str, Any]]:
    """The pages below the top level whose name answers a typed text, for the search box."""
    wanted = text.strip().casefold()
    if len(wanted) < 2 and not any(ord(character) > 0x2FF for character in wanted):
        return []
    found = [_entry(place) for place in _below_the_top() if _is_open(place, member) and _answers(place, wanted)]
    return list({entry["url"]: entry for entry in found}.values())[:limit]


def _below_the_top() -> Iterator[Place]:
    tops = {place.url_name for place in PLACES}
    for place in (*OTHER_PLACES, *(child for top in PLACES for child in top.children)):
        if place.url_name not in tops:
            yield place


def _answers(place: Place, wanted: str) -> bool:
    """Whether any word of the page's name, or what people call it in either language, begins with the text."""
    label = str(place.label).casefold()
    words = f"{label} {place.url_name.replace('_', ' ')} {place.words.casefold()}".split()
    return wanted in label or any(word.startswith(wanted) for word in words)


def _entry(place: Place) -> dict[str, Any]:
    return {"label": place.label, "icon": place.icon, "url": _address(place), "active": False}


def _is_open(place: Place, member: Member) -> bool:
    return _may(place, member) and bool(_address(place))


def _may(place: Place, member: Member) -> bool:
    return place.needs is None or member.can(*place.needs)


def _address(place: Place) -> str:
    """Where the page is; empty when this installation has none of that name."""
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return ""


def _deepest(addresses: list[str], path: str) -> str:
    """Of nested addresses the longest that the path lies in."""
    return max((address for address in addresses if path.startswith(address)), key=len, default="")


def _member_menu() -> list[dict[str, str]]:
    entries = [
        ("profile", _("My profile"), "user-circle", "get"),
        ("usersessions_list", _("Where I am signed in"), "devices", "get"),
        ("account_logout", _("Sign out"), "logout", "post"),
    ]
    return [
        {"label": label, "url": url, "icon": icon, "method": method}
        for name, label, icon, method in entries
        if (url := _address(Place(name, label, icon)))
    ]


def _bell(request: HttpRequest, member: Member) -> str:
    from guanxi.desk.views.reminders import bell_html

    return bell_html(request, member)
