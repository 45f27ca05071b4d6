"""How Chinese characters are read, without tones, in the ways people type them."""

import os
from functools import lru_cache

from .text import fold

# Characters whose first dictionary reading is not the one names have, or that names read in more than one
# way. The first reading here is the main one; all can be searched.
_IN_NAMES = {
    "乐": ("le", "yue"),
    "长": ("chang", "zhang"),
    "行": ("xing", "hang"),
    "重": ("zhong", "chong"),
    "朝": ("chao", "zhao"),
    "盛": ("sheng", "cheng"),
    "茜": ("qian", "xi"),
    "晟": ("sheng", "cheng"),
    "都": ("du", "dou"),
    "传": ("chuan", "zhuan"),
    "藏": ("zang", "cang"),
    "参": ("shen", "can"),
    "调": ("diao", "tiao"),
    "柏": ("bai", "bo"),
    "薄": ("bo", "bao"),
    "仔": ("zai", "zi"),
    "贾": ("jia", "gu"),
    "厦": ("sha", "xia"),
    "还": ("huan", "hai"),
    "会": ("hui", "kuai"),
    "曾": ("ceng", "zeng"),
    "单": ("dan", "shan"),
    "率": ("shuai", "lv"),
    "翟": ("zhai", "di"),
    "妫": ("gui",),
    "阚": ("kan",),
    "种": ("zhong", "chong"),
    "奇": ("qi", "ji"),
    "殷": ("yin",),
    "佛": ("fo",),
    "六": ("liu", "lu"),
}

# Surnames read otherwise than the same character elsewhere.
_SURNAMES = {
    "区": "ou", "仇": "qiu", "单": "shan", "解": "xie", "查": "zha", "曾": "zeng", "朴": "piao", "盖": "ge",
    "缪": "miao", "翟": "zhai", "折": "she", "乜": "nie",
    "秘": "bi", "员": "yun", "召": "shao", "种": "chong",
    "乐": "yue", "祭": "zhai", "牟": "mu", "隗": "wei", "郗": "chi", "阚": "kan", "句": "gou", "能": "nai",
    "尉": "wei", "黑": "he", "缴": "jiao", "繁": "po", "洗": "xian", "卜": "bu", "覃": "qin", "谌": "chen",
    "郇": "xun", "颉": "xie", "盛": "sheng", "都": "du", "薄": "bo", "柏": "bai", "车": "che", "长": "chang",
    "万": "wan", "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "拓跋": "tuo ba", "令狐": "ling hu", "乐正": "yue zheng",
    "宿": "su", "纪": "ji", "华": "hua", "任": "ren",
    "宁": "ning", "过": "guo", "石": "shi", "那": "na", "宓": "mi", "贲": "ben", "贾": "jia", "哈": "ha",
}  # fmt: skip

# Words in which a common character takes its other reading, met in names of companies and places.
_WORDS = {
    "重庆": "chong qing", "银行": "yin hang", "音乐": "yin yue", "厦门": "xia men", "会计": "kuai ji",
    "朝阳": "chao yang", "长沙": "chang sha", "长江": "chang jiang", "成长": "cheng zhang", "六安": "lu an",
    "行业": "hang ye", "西藏": "xi zang", "番禺": "pan yu", "乐器": "yue qi", "传记": "zhuan ji",
}  # fmt: skip


@lru_cache(maxsize=65536)
def readings(character: str) -> tuple[str, ...]:
    """The readings of one simplified character as typed, the usual one first; () when it has none.

    `ü` is typed `v` in Chinese input methods and `u` in passports, so both are given.
    """
    known = _IN_NAMES.get(character) or _from_dictionary(character)
    typed = dict.fromkeys(known)
    typed.update(dict.fromkeys(reading.replace("v", "u") for reading in known))
    return tuple(typed)


def surname_reading(surname: str) -> tuple[str, ...] | None:
    """Reading of each character of a (folded) surname that is read as nowhere else; None for others."""
    found = _SURNAMES.get(surname)
    return tuple(found.split()) if found else None


def word_reading(word: str) -> tuple[str, ...] | None:
    """Reading of a two-character word that differs from its characters' alone; None for others."""
    found = _WORDS.get(word)
    return tuple(found.split()) if found else None


def _from_dictionary(character: str) -> tuple[str, ...]:
    # Documented switches of pypinyin: without its table of phrases it takes 10 MB rather than 60.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import lazy_pinyin

    found = lazy_pinyin(character, errors="ignore")
    return (fold(found[0]),) if found else ()
