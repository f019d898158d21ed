"""What a record says on requirements: coded where unmistakable, the text always kept."""

from collections.abc import Iterable

from msgspec import structs

from directory.domain import vocabulary
from directory.domain.authority import Answer, AnswerCode, LanguageAlternative, Source, Text
from directory.domain.folding import fold
from directory.domain.intake import languages, statements
from directory.domain.intake.record import RawRecord
from directory.ids import content_key, distinct


def source_of(record: RawRecord) -> Source:
    """The source of a record, under a key that is the same wherever that source is named."""
    s = record.source
    return Source(key="s-" + content_key(s.title, s.url or "", s.as_of or ""), title=s.title, url=s.url, as_of=s.as_of)


def treaty_codes(record: RawRecord) -> tuple[str, ...]:
    """Codes of the record's treaties, in its order."""
    return tuple(dict.fromkeys(c for t in record.treaties if (c := vocabulary.scheme("treaty").code(t))))


def function_codes(record: RawRecord) -> tuple[str, ...]:
    """Codes of the record's functions, in its order."""
    return tuple(dict.fromkeys(c for f in record.functions if (c := vocabulary.scheme("function").code(f))))


def joined(given: Iterable[Answer]) -> tuple[Answer, ...]:
    """Answers with the same content are one, for all their treaties and from all their sources."""
    found: dict[tuple[object, ...], Answer] = {}
    for a in given:
        words = tuple(fold(t.text).strip(" .") for t in a.text)
        content = (a.aspect, a.answer, a.values, a.languages, words, a.functions)
        known = found.get(content)
        if known is None:
            found[content] = a
        else:
            treaties = tuple(dict.fromkeys([*known.treaties, *a.treaties])) if known.treaties and a.treaties else ()
            sources = tuple(dict.fromkeys([*known.sources, *a.sources]))
            text = (*known.text, *(t for t in a.text if t not in known.text))
            found[content] = structs.replace(known, treaties=treaties, sources=sources, text=text)
    out: list[Answer] = []
    for a in found.values():
        out.append(structs.replace(a, key=distinct(a.key, {b.key for b in out})))
    return tuple(out)


def answers(record: RawRecord) -> list[Answer]:
    """Everything a record says on requirements: coded where unmistakable, the text always kept."""
    source, treaties = (source_of(record).key,), treaty_codes(record)
    functions = function_codes(record)
    only = functions if len(functions) == 1 else ()
    tail = f"-{treaties[0]}" if len(treaties) == 1 else ""
    found: list[Answer] = []

    def say(
        aspect: str,
        *,
        key: str | None = None,
        text: str | None = None,
        answer: AnswerCode | None = None,
        values: tuple[str, ...] = (),
        rule: tuple[LanguageAlternative, ...] = (),
        functions: tuple[str, ...] = (),
    ) -> None:
        found.append(
            Answer(
                key=key or f"{aspect}{tail}",
                aspect=aspect,
                answer=answer,
                values=values,
                languages=rule,
                text=(Text(text=text, lang="en"),) if text else (),
                functions=functions,
                treaties=treaties,
                sources=source,
            )
        )

    spoken = [s for s in record.requirements if statements.aspects(s)[0] == "lang"]
    alternatives = languages.accepted(record.languages_accepted, spoken)
    if alternatives:
        say("lang", rule=alternatives)
    basis = record.legal_basis
    for aspect, value in (
        ("basis-treaty-required", basis.treaty_required),
        ("basis-uncac", basis.uncac_as_basis),
        ("basis-reciprocity", basis.reciprocity),
    ):
        if value is not None:
            say(aspect, answer="stated-yes" if value else "stated-no", functions=only)
    channels = tuple(c for t in record.channels if (c := vocabulary.scheme("channel").code(t)))
    if channels:
        say("channel", values=channels)
    if record.urgent:
        say("urgent", text=record.urgent)
    if record.dual_criminality:
        say("dual-criminality", text=record.dual_criminality)
    for sentence in record.requirements:
        aspect, values = statements.aspects(sentence)
        say(aspect, key=f"{aspect}-{content_key(fold(sentence))}", text=sentence, values=values)
    return found
