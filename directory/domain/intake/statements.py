"""Requirement sentences: the aspect each is about, where its words leave no doubt. The table is the rule."""

import re

_CODED: tuple[tuple[str, str, str], ...] = (
    # aspect, content element or other value ("" for none), words that leave no doubt
    ("draft-review", "", r"\bdrafts?\b"),
    ("lang", "", r"\btranslat\w+|\bin (?:writing and )?in [A-Z]|\bmust be in [A-Z]|\bwritten requests in [A-Z]"),
    ("lang", "", r"\blanguage may be accepted\b"),
    ("lang", "", r"^(?:Swedish|English|French|German|Spanish|Russian|Arabic)\b.*\b(?:or|unless|accepted)\b"),
    ("channel", "", r"\b(?:diplomatic|consular) channel|\bgo(?:es)? to the Attorney|\bstraight to\b|\bcopy of every\b"),
    ("means", "", r"\b(?:online|electronic|e-?mail only|by post|by fax)\b"),
    ("form", "", r"\bletterhead\b|\bsigned original\b"),
    ("refusal", "", r"\brefus|\bno extradition\b(?! treaty)|\bnot extradited\b|^Not for\b"),
    ("use-limitation", "undertaking-on-use", r"\bundertaking on how\b"),
    ("confidentiality", "confidentiality", r"\bconfidential"),
    ("threshold-penalty", "", r"\b(?:more|less|at least) (?:than )?\w+ (?:years?|months?)\b"),
    ("dual-criminality", "", r"\bdual criminality\b"),
    ("stage", "", r"\bproceedings must have commenced\b|\bbefore charge\b|\bproceedings are pending\b"),
    ("documents", "", r"^Attach\b|\bcertificate\b|\bcertified (?:copy|judgment)\b"),
    ("content", "facts", r"\bsummar\w+\b.*\bfacts?\b|\bdescribe the matter\b|\bclear account of the offence\b"),
    ("content", "offence-texts", r"\b(?:text of the (?:offences|criminal)|legal provisions|maximum penalt)"),
    ("content", "purpose", r"\b(?:state|give) (?:the )?purpose\b"),
    ("content", "assistance-sought", r"\bassistance (?:sought|and any)\b|\bprocedure and form wanted\b"),
    ("content", "persons", r"\b(?:identify and locate|identity data|give identity)\b"),
    ("content", "conducting-authority", r"\bprosecuting authority\b|\bconducting the case\b|\brequesting authority\b"),
    ("content", "subject-matter", r"\bsubject and nature\b"),
    ("content", "urgency", r"\bperiod within which\b|\breasons for urgency\b"),
    ("content", "", r"^(?:State|Give|Name|Say|Identify|Describe|For searches)\b"),
)  # fmt: skip
_TABLE = tuple((aspect, value, re.compile(words, re.IGNORECASE)) for aspect, value, words in _CODED)

_STAGES = (
    ("pre-trial", re.compile(r"\bpre-?trial|\binvestigation", re.IGNORECASE)),
    ("trial", re.compile(r"(?<!pre-)\btrial\b|\bjudicial phase\b|\bcourt decisions\b", re.IGNORECASE)),
    (
        "enforcement",
        re.compile(r"\b(?:enforcement|execution) of (?:the )?(?:sentence|judgment|punishment)", re.IGNORECASE),
    ),
)


def aspects(sentence: str) -> tuple[str, tuple[str, ...]]:
    """The aspect of a sentence, with the content elements that it names; ``other`` when its words leave doubt."""
    found = [(aspect, value) for aspect, value, words in _TABLE if words.search(sentence)]
    if not found:
        return "other", ()
    aspect = found[0][0]
    return aspect, tuple(dict.fromkeys(value for a, value in found if a == aspect and value))


def stages(scope: str) -> tuple[str, ...]:
    """Stages of proceedings that a scope names."""
    return tuple(code for code, words in _STAGES if words.search(scope))


def bilateral(scope: str) -> bool | None:
    """Whether a scope is confined to cases with (true) or without (false) a bilateral treaty."""
    if re.search(r"\bno (?:bilateral treaty|treaty|international agreement)\b", scope, re.IGNORECASE):
        return False
    if re.search(r"\bwith a bilateral treaty\b", scope, re.IGNORECASE):
        return True
    return None
