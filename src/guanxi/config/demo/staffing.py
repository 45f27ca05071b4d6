"""The demo company's staff: three departments, four roles, twelve people."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from guanxi.staff.models import Department, Member, Role

ADMINISTRATOR = "fang.wang@cloudtop.example"
_SELLS = {"customers": ["see", "edit"], "imports": ["see", "edit"], "events": ["see"]}
_MANAGES = {
    "customers": ["see", "edit", "export", "delete"],
    "imports": ["see", "edit", "delete"],
    "events": ["see"],
    "staff": ["see"],
}
ROLES = [
    ("管理员 Administrator", "all", {}, False, True),
    ("店长 Manager", "department", _MANAGES, False, False),
    ("顾问 Adviser", "own", _SELLS, False, False),
    ("分析师 Analyst", "all", {"customers": ["see", "export"], "events": ["see"]}, True, False),
]
DEPARTMENTS = ["上海门店 Shanghai shops", "电商 Online shop", "大客户 Corporate"]
PEOPLE = [
    ("王芳 Fang", ADMINISTRATOR, 0, 0),
    ("陈洁 Jie", "jie.chen@cloudtop.example", 0, 1),
    ("李明 Ming", "ming.li@cloudtop.example", 0, 2),
    ("周倩 Qian", "qian.zhou@cloudtop.example", 0, 2),
    ("徐亮 Liang", "liang.xu@cloudtop.example", 0, 2),
    ("Oliver Grant", "oliver.grant@cloudtop.example", 1, 1),
    ("何雨 Yu", "yu.he@cloudtop.example", 1, 2),
    ("Sofia Rossi", "sofia.rossi@cloudtop.example", 1, 2),
    ("宋凯 Kai", "kai.song@cloudtop.example", 1, 2),
    ("郑立群 Liqun", "liqun.zheng@cloudtop.example", 2, 1),
    ("林婷 Ting", "ting.lin@cloudtop.example", 2, 2),
    ("赵磊 Lei", "lei.zhao@cloudtop.example", 2, 3),
]


def password() -> str:
    """The demo people's password: made from this installation's own key, so that no two demos share it."""
    made = hmac.new(settings.SECRET_KEY.encode(), b"demo password", hashlib.sha256).hexdigest()
    return f"tea-{made[:5]}-{made[5:10]}"


def hire() -> list[Member]:
    """Make the departments, roles and people; returns the people in the order of PEOPLE."""
    company = Department.objects.create(name="云上茶 Cloudtop Tea")
    departments = [Department.objects.create(name=name, parent=company) for name in DEPARTMENTS]
    roles = [
        Role.objects.create(
            name=name, scope=scope, permissions=permissions, masks_contacts=masks, is_administrator=is_administrator
        )
        for name, scope, permissions, masks, is_administrator in ROLES
    ]
    first, *others = PEOPLE
    made = [_member(*first, departments, roles)]
    made[0].set_password(password())
    made[0].save(update_fields=["password"])
    for person in others:
        member = _member(*person, departments, roles)
        member.password = made[0].password
        member.save(update_fields=["password"])
        made.append(member)
    return made


def _member(
    name: str, email: str, department: int, role: int, departments: list[Department], roles: list[Role]
) -> Member:
    return Member.objects.create_user(email, None, name=name, department=departments[department], role=roles[role])
