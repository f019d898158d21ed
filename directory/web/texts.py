"""Everything a page says in its language: messages, labels of codes, names of States and languages, days, numbers."""

from collections.abc import Sequence
from gettext import NullTranslations

import phonenumbers
from markupsafe import Markup

from directory.domain import states, vocabulary
from directory.domain.authority import LanguageAlternative
from directory.web import i18n

VALUES = {
    "channel": "channel", "content": "content-element", "means": "means", "refusal": "refusal-ground", "stage": "stage",
}  # fmt: skip
"""The vocabulary of an aspect's coded values."""


class Texts:
    """One language. Texts that come from entries are not translated."""

    def __init__(self, lang: i18n.Lang, catalog: NullTranslations) -> None:
        self.lang = lang
        self.catalog = catalog

    def message(self, text: str) -> str:
        """A message of the catalogs."""
        return self.catalog.gettext(text)

    def label(self, scheme: str, code: str) -> str:
        """A code of a vocabulary in words; an unknown one is its own label."""
        return self.message(vocabulary.label(scheme, code)) if scheme in vocabulary.schemes() else code

    def value(self, aspect: str, code: str) -> str:
        """A coded value of an answer in words."""
        return self.label(VALUES.get(aspect, "aspect"), code)

    def state(self, code: str) -> str:
        """Name of a State or territory."""
        return states.name(code, self.lang.code)

    def language(self, tag: str) -> str:
        """Name of a language."""
        return states.language_name(tag, self.lang.code)

    def rule(self, alternative: LanguageAlternative) -> Sequence[str]:
        """Names of the languages that are needed together."""
        return [self.language(tag) for tag in alternative.languages]

    def day(self, text: str) -> str:
        """A day, month or year in words."""
        return i18n.partial_text(str(text), self.lang.code)

    def time(self, text: str) -> Markup:
        """A day, month or year for people and programs."""
        return Markup('<time datetime="{}">{}</time>').format(text, self.day(text))


def article(scheme: str, code: str, treaty: str = "uncac") -> str | None:
    """The provision behind a code."""
    concept = vocabulary.scheme(scheme).get(code)
    return concept.articles.get(treaty) if concept else None


def phone(e164: str) -> str:
    """A number in groups, held together by no-break spaces."""
    number = phonenumbers.parse(e164)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return text.replace(" ", "\u00a0").replace("-", "\u2011")
