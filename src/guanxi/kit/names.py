"""Names of people and companies, Chinese and Latin: taken apart, sorted, and made findable."""

import re
from itertools import islice, pairwise, product

from .pinyin import readings, surname_reading, word_reading
from .text import HAN, clean, fold, has_han, is_han

# Bounds that keep the index of a long company name small; a person's name never reaches them.
_STARTS, _PINYIN_STARTS, _TERM_LENGTH, _PINYIN_LENGTH, _SPELLINGS = 24, 8, 16, 32, 4

_COMPOUND_SURNAME_LIST = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶
太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良
漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 纳兰
完颜 单于 淳于 叶赫 耶律 贺兰 屈突 夫蒙
"""
_COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAME_LIST.split())
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(f"{HAN}|(?:(?!{HAN}).)+")


def words_of(text: str) -> list[str]:
    """The folded words of a text, punctuation left out: what names are indexed and searched by."""
    return _WORD.findall(fold(text).replace("'", "").replace("’", ""))


def search_terms(name: str) -> set[str]:
    """Every term by whose beginning the name should be found.

    For 张三丰: 张三丰, 三丰, 丰, zhangsanfeng, sanfeng, feng, zsf, sf. Any part of a Chinese name is thus the
    beginning of some term. Latin names are found by any of their words in any turn. Terms are folded and
    have at most 48 characters.
    """
    words = words_of(name)
    if any(has_han(word) for word in words):
        return _chinese_terms(words)
    return _latin_terms(words)


def sort_key(name: str) -> str:
    """Text that sorts names as a dictionary does, byte by byte: Chinese by pinyin, Latin folded."""
    folded = fold(name)
    if not has_han(folded):
        return folded
    pieces = [piece for word in words_of(name) for piece in _PIECE.findall(word)]
    return f"{' '.join(options[0] for options in _spelling_options(pieces))} {folded}"


def split_name(name: str) -> tuple[str, str]:
    """Family and given name: 欧阳修 → (欧阳, 修), `John Smith` → (Smith, John), `Smith, John` likewise.

    What can't be told apart (one word, transliterations with ·, companies) comes back as given name alone.
    """
    name = clean(name)
    if has_han(name) and all(is_han(c) for c in name):
        if not 2 <= len(name) <= 4:
            return "", name
        width = 2 if len(name) > 2 and fold(name[:2]) in _COMPOUND_SURNAMES else 1
        return name[:width], name[width:]
    if has_han(name) and " " not in name:
        return "", name
    family, comma, given = name.partition(",")
    if comma:
        return family.strip(), given.strip()
    if has_han(name):  # 张 三
        family, _, given = name.partition(" ")
        return family, given.strip()
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", family)


def _chinese_terms(words: list[str]) -> set[str]:
    pieces = [piece for word in words for piece in _PIECE.findall(word)]
    whole = "".join(pieces)
    terms, start = set(), 0
    for piece in pieces[:_STARTS]:
        terms.add(whole[start : start + _TERM_LENGTH])
        start += len(piece)
    for spelling in islice(product(*_spelling_options(pieces[:_STARTS])), _SPELLINGS):
        initials = "".join(syllable[0] for syllable in spelling)
        for at in range(min(len(spelling), _PINYIN_STARTS)):
            terms.add("".join(spelling[at:])[:_PINYIN_LENGTH])
            if len(initials) - at > 1:
                terms.add(initials[at : at + _TERM_LENGTH])
    return terms


def _spelling_options(pieces: list[str]) -> list[tuple[str, ...]]:
    """For each piece the ways it may be typed in Latin letters, surnames and known words read as such."""
    options = [readings(piece) or (piece,) if len(piece) == 1 else (piece,) for piece in pieces]
    for at, pair in enumerate(pairwise(pieces)):
        if word := word_reading("".join(pair)):
            options[at : at + 2] = [(syllable,) for syllable in word]
    compound = surname_reading("".join(pieces[:2])) if len(pieces) > 2 else None
    if compound and "".join(pieces[:2]) in _COMPOUND_SURNAMES:
        options[:2] = [(syllable,) for syllable in compound]
    elif single := surname_reading(pieces[0]):
        options[0] = tuple(dict.fromkeys((*single, *options[0])))
    return options


def _latin_terms(words: list[str]) -> set[str]:
    if len(words) > 4:
        return {" ".join(words[at:])[:48] for at in range(min(len(words), 8))} | {"".join(words)[:_PINYIN_LENGTH]}
    turns = [words[at:] + words[:at] for at in range(len(words))]
    terms = {" ".join(turn)[:48] for turn in turns}
    terms.update("".join(turn)[:_PINYIN_LENGTH] for turn in turns)
    if len(words) > 1:
        terms.add("".join(word[0] for word in words))
    return terms
