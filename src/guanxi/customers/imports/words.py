"""Words that files use for yes and no, for genders, for kinds of customers, and for "nothing here"."""

from __future__ import annotations

from guanxi.kit.text import fold

_NOTHING = frozenset(
    [
        "-",
        "--",
        "---",
        ".",
        "n/a",
        "na",
        "#n/a",
        "nil",
        "none",
        "null",
        "nan",
        "unknown",
        "unspecified",
        "undefined",
        "(blank)",
        "(none)",
        "(null)",
        "?",
        "无",
        "暂无",
        "没有",
        "未知",
        "未填写",
        "空",
        "不详",
        "未指定",
    ]
)
_YES = frozenset(["yes", "y", "true", "t", "1", "on", "✓", "√", "是", "有", "对", "真", "已"])
_NO = frozenset(["no", "n", "false", "f", "0", "off", "✗", "×", "否", "无", "没有", "假", "不是", "未"])
_GENDERS = {
    **dict.fromkeys(["female", "f", "woman", "w", "girl", "mrs", "ms", "女", "女士", "女性", "小姐"], "female"),
    **dict.fromkeys(["male", "m", "man", "boy", "mr", "男", "先生", "男士", "男性"], "male"),
    **dict.fromkeys(["other", "x", "diverse", "nonbinary", "non-binary", "其他", "其它"], "other"),
}
_KINDS = {
    **dict.fromkeys(
        [
            "company",
            "business",
            "organisation",
            "organization",
            "account",
            "enterprise",
            "corporate",
            "企业",
            "公司",
            "单位",
            "机构",
        ],
        "company",
    ),
    **dict.fromkeys(["person", "individual", "personal", "people", "consumer", "private", "个人", "自然人"], "person"),
}
_UNTOLD_GENDER = frozenset(["0", "未知", "保密", "unknown", "unspecified", "u"])


def is_placeholder(cell: str) -> bool:
    """Whether the cell only marks that nothing is known."""
    return len(cell) <= 12 and cell.casefold() in _NOTHING


def read_yes_no(cell: str) -> bool | None:
    """True or False; None when it says neither."""
    word = fold(cell[:20])
    return True if word in _YES else False if word in _NO else None


def read_gender(cell: str) -> str | None:
    """A Customer.Gender; "" where the file says that it is not known; None when it is no gender."""
    word = fold(cell[:20]).rstrip(".")
    if word in _UNTOLD_GENDER:
        return ""
    if word in ("1", "2"):  # as WeChat tells it: 1 male, 2 female
        return "male" if word == "1" else "female"
    return _GENDERS.get(word)


def read_kind(cell: str) -> str | None:
    """A Customer.Kind; None when the word is not known."""
    return _KINDS.get(fold(cell[:40]))
