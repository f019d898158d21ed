"""Language rules hidden in sentences, read where they are unmistakable, else left as text."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from directory.domain import states
from directory.domain.authority import LanguageAlternative

_TAGS = (
    "en fr es ru zh ar de it pt nl sq hy az be bs bg ca cnr hr cs da el et fi ka he hi hu id is ja kk ko ky lo lv lt mk"
    " mn ms my ne no fa pl ro sr sk sl so sv sw tg th tr tk uk ur uz vi"
).split()


@cache
def _names() -> Mapping[str, str]:
    names = {states.language_name(tag): tag for tag in _TAGS}
    return names | {
        "Persian": "fa",
        "Farsi": "fa",
        "Moldovan": "ro",
        "Azeri": "az",
        "Montenegrin": "cnr",
        "Nepali": "ne",
    }


@cache
def _name_pattern() -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, _names()), key=len, reverse=True)) + r")\b")


_OTHERWISE = re.compile(r"\bunless\b[^.]*\b(?:allows?|agrees?|waives?|waived)\b", re.IGNORECASE)
_RECIPROCITY = re.compile(r"\b(?:basis of|subject to|on|condition of) reciprocity\b", re.IGNORECASE)
_MAY_ATTACH = re.compile(r"\bmay be attached\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:accompanied by|together with|with)\b[^.]*\btranslation[s]? into\b", re.IGNORECASE)
_OR_TRANSLATED = re.compile(r"\bor,?\s+(?:with|accompanied|translated)\b|\bunless\b[^.]*\bdrawn up\b", re.IGNORECASE)
_TRANSLATE = re.compile(r"\btranslat", re.IGNORECASE)
_CERTIFIED = re.compile(r"\bcertified\b", re.IGNORECASE)


def mentioned(text: str) -> list[str]:
    """Tags of the languages named in an English sentence, in order, each once."""
    return list(dict.fromkeys(_names()[m[0]] for m in _name_pattern().finditer(text)))


def rule(sentence: str) -> tuple[LanguageAlternative, ...]:
    """The rule in a sentence; empty where there is none or where it could be read in two ways."""
    tags = mentioned(sentence)
    if not tags:
        return ()
    joined = _JOINED.search(sentence)
    if joined and not _OR_TRANSLATED.search(sentence):
        before = mentioned(sentence[: joined.start()])
        after = mentioned(sentence[joined.start() :])
        if before and after and not set(before) & set(after):
            return tuple(LanguageAlternative(languages=(b, a)) for b in before for a in after)
    if _MAY_ATTACH.search(sentence):
        return _attached(sentence, tags)
    return tuple(LanguageAlternative(languages=(tag,), conditions=_conditions(sentence)) for tag in tags)


def accepted(tags: Sequence[str], sentences: Sequence[str]) -> tuple[LanguageAlternative, ...]:
    """The rule for a record: its list of languages, sharpened by what its sentences say of them.

    A sentence counts only if it speaks of languages of the list, or adds some on a condition.
    """
    rules = [r for s in sentences if (r := rule(s))]
    pairs = [a for r in rules for a in r if len(a.languages) > 1 and set(a.languages) <= {*tags}]
    if pairs:
        return tuple(dict.fromkeys(pairs))
    found = {tag: LanguageAlternative(languages=(tag,)) for tag in tags}
    for alternative in (a for r in rules for a in r if len(a.languages) == 1):
        tag = alternative.languages[0]
        conditional = {"on-reciprocity", "additional"} & set(alternative.conditions)
        if tag in found or conditional:
            known = found.get(tag, alternative)
            found[tag] = LanguageAlternative(
                languages=(tag,), conditions=tuple(dict.fromkeys([*known.conditions, *alternative.conditions]))
            )
    return tuple(found.values())


def _conditions(sentence: str) -> tuple[str, ...]:
    found = []
    if _TRANSLATE.search(sentence):
        found.append("certified-translation" if _CERTIFIED.search(sentence) else "translation")
    if _RECIPROCITY.search(sentence):
        found.append("on-reciprocity")
    if _OTHERWISE.search(sentence):
        found.append("unless-waived")
    return tuple(found)


def _attached(sentence: str, tags: list[str]) -> tuple[LanguageAlternative, ...]:
    """Arabic is recognised; a French translation "may be attached": French is no substitute."""
    start = max(sentence.rfind(";", 0, _MAY_ATTACH.search(sentence).start()), 0)  # type: ignore[union-attr]
    extra = mentioned(sentence[start:])
    return tuple(
        LanguageAlternative(languages=(tag,), conditions=("additional",) if tag in extra and start else ())
        for tag in tags
    )
