"""The blocks that an argument's page is made of: its article, and its texts in other languages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from detente.argument.fields import Name, Spec, Text

Language = Literal["en", "zh-Hans", "zh-Hant"]
"""A language of pages, by its BCP 47 tag."""


class ParagraphSpec(Spec):
    """A paragraph of the article, in the project's or the user's own words."""

    source: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        (), description="the numbers of the source's paragraphs that it follows"
    )
    text: Text
    claims: tuple[Name, ...] = Field((), description="ids of the claims that it makes")


class ArticleSpec(Spec):
    """What the article page shows besides the argument's title, summary and claims."""

    category: Text | None = None
    written: date | None = Field(None, description="the day of the text that it tells")
    author: Text | None = Field(None, description="the author's line, as a reader should see it")
    trust: Text | None = Field(None, description="what kind of document it is, and how far it can be trusted")
    paragraphs: tuple[ParagraphSpec, ...] = Field(min_length=1)


class ArticleTexts(Spec):
    """An article's texts in another language; the paragraphs in the order of the original."""

    category: Text | None = None
    author: Text | None = None
    trust: Text | None = None
    paragraphs: tuple[Text, ...] = ()


class NamedTexts(Spec):
    """What a demand or a lever of the bargain is called and says in another language."""

    name: Text | None = Field(None, description="what pages call it instead of its key")
    text: Text | None = None


class IssueTexts(NamedTexts):
    """What an issue of the bargain is called and says, and what its two ends mean."""

    means: tuple[Text, Text] | None = None


class BargainTexts(Spec):
    """A bargain's texts in another language, each by the name of what it is of."""

    issues: dict[str, IssueTexts] = {}
    demands: dict[str, NamedTexts] = {}
    levers: dict[str, NamedTexts] = {}


class TextsSpec(Spec):
    """An argument's texts in another language, each under the key of its original."""

    title: Text | None = None
    summary: Text | None = None
    article: ArticleTexts = ArticleTexts()
    claims: dict[str, Text] = Field({}, description="by the claim's id")
    questions: dict[str, Text] = Field({}, description="by the question's id")
    facts: dict[str, dict[str, Text]] = Field(
        {}, description="by kind, then by the actor and the first day of the fact, with a space between"
    )
    bargain: BargainTexts = BargainTexts()
