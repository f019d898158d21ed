"""Rules on requirements and declarations: that an answer says something, and nothing that contradicts it."""

from directory.domain import vocabulary
from directory.domain.authority import Answer, Declaration, Designation, MeasureRequirements, YearlyFigures
from directory.domain.rules_walk import Findings, Place


def check_answer(place: Place, found: Findings) -> None:
    """One answer."""
    answer: Answer = place.it
    stated = answer.answer is not None or answer.values or answer.languages
    if not stated and not answer.text:
        found.bad(
            place.path,
            "nothing-said",
            "This answer says nothing. Choose one, or write a text, or leave it out: what is left out is “not stated”.",
        )
    if answer.answer == "not-stated" and (answer.text or answer.values or answer.languages):
        found.warn(
            place.at("answer"), "contradiction", "The answer is “not stated”, but something is stated. Correct one."
        )
    if answer.languages and answer.aspect != "lang":
        found.bad(
            place.at("languages"),
            "wrong-aspect",
            "Languages belong to the aspect lang (acceptable languages) only. Move them.",
        )
    for n, alternative in enumerate(answer.languages):
        if not alternative.languages:
            found.bad(
                f"{place.at('languages')}[{n}].languages",
                "missing",
                "This alternative names no language. Name it, or leave it out.",
            )
    if answer.aspect == "refusal":
        _grounds(place, answer, found)


def _grounds(place: Place, answer: Answer, found: Findings) -> None:
    """Grounds that the Convention excludes are kept as stated, and flagged."""
    for n, code in enumerate(answer.values):
        ground = vocabulary.scheme("refusal-ground").get(code)
        if ground and ground.prohibited:
            article = ground.articles.get("uncac", "")
            found.warn(
                f"{place.at('values')}[{n}]",
                "prohibited-ground",
                f"“{ground.label}” is no ground for refusal under article {article} of the UN Convention against "
                "Corruption. Ask the authority whether it is meant.",
            )


def check_measure(place: Place, found: Findings) -> None:
    """A block for one measure."""
    block: MeasureRequirements = place.it
    if not block.answers:
        found.bad(
            place.path, "nothing-said", "This measure says nothing that differs from the general part. Leave it out."
        )


def check_declaration(place: Place, found: Findings) -> None:
    """What a State declared."""
    declaration: Declaration = place.it
    if not (declaration.answers or declaration.text or declaration.territory):
        found.bad(
            place.path, "nothing-said", "This declaration says nothing. Give its text or an answer, or leave it out."
        )


def check_figures(place: Place, found: Findings) -> None:
    """Figures of one year."""
    figures: YearlyFigures = place.it
    if not 1950 <= figures.year <= 2200:
        found.bad(place.at("year"), "bad-year", f"{figures.year} is no year of such figures. Correct it.")
    for field in ("received", "granted", "refused", "pending", "median_days"):
        value = getattr(figures, field)
        if value is not None and not 0 <= value < 10_000_000:
            found.bad(place.at(field), "bad-figure", f"{value} is no number of requests or days. Correct it.")


def check_designations(place: Place, found: Findings) -> None:
    """Designations that say the same twice."""
    seen: dict[tuple[object, ...], int] = {}
    designations: tuple[Designation, ...] = place.it.designations
    for n, d in enumerate(designations):
        first = seen.setdefault((d.function, d.treaty, d.provision, d.scope), n)
        if first != n:
            found.warn(
                f"designations[{n}]",
                "said-twice",
                f"This designation says the same as designations[{first}]. Join them, with the sources of both.",
            )
