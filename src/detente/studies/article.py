"""The use case `article_on`: an argument as an article, with what was computed of its claims and what is like it.

May import: claims, analogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.argument.article_blocks import ArticleSpec, ParagraphSpec
from detente.argument.blanks import blanks_in
from detente.argument.claim_blocks import ClaimSpec
from detente.argument.load import embedded_arguments
from detente.argument.sides import gaps_of
from detente.base.days import Window
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.events.files.embedded import embedded_rivalries
from detente.events.ontology.classes import scheme_of
from detente.lab.case import Case, case_of
from detente.lab.chronicles import history_of
from detente.lab.head import head_of
from detente.lab.settings import Day
from detente.lab.too_little import Caution, blank_cautions, with_cautions
from detente.studies.analogues.related import Analogues, analogues
from detente.studies.claims.claims import Claims, claims
from detente.studies.claims.rows import ClaimRow


@dataclass(frozen=True, slots=True)
class YearOfActs:
    """Acts between the principals in one calendar year.

    Attributes
    ----------
    year : int
    force, hostile, friendly : int
        Acts of force, other hostile acts, and friendly acts or talks.
    covered : bool
        Whether any of its days is covered; else nobody counted, and the counts are no zeros.
    """

    year: int
    force: int
    hostile: int
    friendly: int
    covered: bool = True

    @property
    def counts(self) -> tuple[int, int, int] | tuple[None, None, None]:
        """Acts of force, hostile and friendly ones; None where no day is covered."""
        return (self.force, self.hostile, self.friendly) if self.covered else (None, None, None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        force, hostile, friendly = self.counts
        return {"year": self.year, "force": force, "hostile": hostile, "friendly": friendly}


@dataclass(frozen=True)
class Article(Tables):
    """An argument as an article: the result of `article_on`.

    Attributes
    ----------
    case : Case
    as_of : date
    paragraphs : tuple of ParagraphSpec
        The argument's own, or those that `paragraphs_of` makes of its summary and its claims.
    claims : Claims or None
        Every claim with its verdict; None where the argument makes none, or they were not computed.
    years : tuple of YearOfActs
        From the first year with an act to the last that the chronicle covers, also after `as_of`.
    analogues : Analogues or None
        Earlier moments and crises like `as_of`; None where claims were not computed.
    others : tuple of Argument
        Other arguments that come with the program, those about the same rivalry first.
    """

    case: Case
    as_of: date
    paragraphs: tuple[ParagraphSpec, ...]
    claims: Claims | None
    years: tuple[YearOfActs, ...]
    analogues: Analogues | None
    others: tuple[Argument, ...]
    tables = ("paragraphs", "claims", "years")

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, paragraphs=len(self.paragraphs))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "claims":
            return (self.claims or Claims(self.case, self.as_of, (), None, None)).to_polars()
        if name == "years":
            rows = ((year.year, *year.counts) for year in self.years)
            return table_of(dict.fromkeys(("year", "force", "hostile", "friendly"), int), rows)
        told = ((i, ", ".join(p.claims), p.text) for i, p in enumerate(self.paragraphs, 1))
        return table_of({"paragraph": int, "claims": str, "text": str}, told)

    @property
    def argument(self) -> Argument:
        """The argument that it shows."""
        return self.case.argument

    @property
    def block(self) -> ArticleSpec | None:
        """The argument's own article block."""
        return self.case.argument.article

    @property
    def further(self) -> tuple[ClaimSpec, ...]:
        """Claims that no paragraph makes, those left out that are blanks of a template."""
        told = {name for paragraph in self.paragraphs for name in paragraph.claims}
        return tuple(c for c in self.argument.claims if c.id not in told and not blanks_in(c.text))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number of the page."""
        if self.claims is not None:
            return self.claims.cautions
        return (*self.case.cautions(self.as_of), *blank_cautions("claims", self.argument.claims))

    def row(self, claim: str) -> ClaimRow | None:
        """Return what was computed of a claim; None if nothing was."""
        rows = self.claims.rows if self.claims else ()
        return next((row for row in rows if row.claim.id == claim), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; texts are the originals, so no language changes them."""
        block = self.block
        value = {
            **head_of(self.case, self.as_of),
            "title": self.argument.title,
            "summary": self.argument.summary,
            "source": self.argument.source,
            "category": block and block.category,
            "written": block and block.written and block.written.isoformat(),
            "author": block and block.author,
            "trust": block and block.trust,
            "paragraphs": [
                {"source": list(p.source), "text": p.text, "claims": list(p.claims)} for p in self.paragraphs
            ],
            "claims": [] if self.claims is None else self.claims.to_dict()["claims"],
            "years": [year.to_dict() for year in self.years],
            "analogues": None if self.analogues is None else self.analogues.to_dict(),
            "other_arguments": [
                {"argument": o.argument, "rivalry": o.rivalry, "title": o.title} for o in self.others
            ],
        }
        return with_cautions(value, self.cautions)


def article_on(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    computed: bool = True,
    threads: int = 0,
    progress: Progress | None = None,
) -> Article:
    """Gather what an article page shows of an argument.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of, futures, seed
        Override the argument's ``run:`` block.
    computed : bool
        Whether claims are judged and analogues looked for; without, the page is there at once and lacks both.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError, DataError, FitError, UnstableModelError
        As `claims` does.

    Examples
    --------
    >>> article = article_on("us-iran", computed=False)
    >>> len(article.paragraphs), article.paragraphs[0].claims, article.others[1].argument
    (16, ('E1', 'F1'), 'maximum-pressure')
    >>> next(year for year in article.years if year.year == 2020)
    YearOfActs(year=2020, force=8, hostile=23, friendly=6, covered=True)
    """
    case = case_of(case)
    day = case.settings(as_of=as_of).as_of
    judged = None
    if computed and case.argument.claims:
        judged = claims(case, as_of=day, futures=futures, seed=seed, threads=threads, progress=progress)
    block = case.argument.article
    return Article(
        case,
        day,
        block.paragraphs if block else paragraphs_of(case.argument),
        judged,
        years_of(
            history_of(case),
            case.argument.principals or (),
            gaps_of(case.argument, date.max, case.chronicle.gaps),
        ),
        analogues(case, as_of=day) if computed else None,
        _others(case.argument),
    )


def paragraphs_of(argument: Argument) -> tuple[ParagraphSpec, ...]:
    """Return the paragraphs of an argument without an article: its claims in their order, each with its own number.

    A claim that is still a blank of a template makes none.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> paragraphs_of(load_argument("essay", "us-iran"))[1]
    ParagraphSpec(source=(2,), text='The killing adds to a hatred that lasts.', claims=('M1',))
    """
    return tuple(
        ParagraphSpec(source=claim.paragraphs, text=claim.text, claims=(claim.id,))
        for claim in argument.claims
        if not blanks_in(claim.text)
    )


def years_of(
    chronicle: Chronicle, principals: tuple[str, ...], gaps: tuple[Window, ...] = ()
) -> tuple[YearOfActs, ...]:
    """Count acts between the principals, year by year.

    Parameters
    ----------
    chronicle : Chronicle
        With agents' acts under their principals.
    principals : tuple of str
    gaps : tuple of Window
        Days that nobody covers.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> years_of(load_embedded("us-iran"), ("USA", "IRN"))[0]
    YearOfActs(year=1951, force=0, hostile=0, friendly=2, covered=True)
    """
    scheme = scheme_of(chronicle.scheme)
    between = pl.col("source").is_in(principals) & pl.col("target").is_in(principals)
    acts = chronicle.events.filter(between).select(year=pl.col("date").dt.year(), of="class")
    if acts.is_empty():
        return ()
    counted = {(int(year), str(of)): int(n) for year, of, n in acts.group_by("year", "of").len().iter_rows()}
    force, friendly = scheme.classes_of("force"), scheme.cooperative_classes
    hostile = [each for each in scheme.classes if each not in (*force, *friendly)]
    last = max((chronicle.window.end - timedelta(days=1)).year, *(year for year, _ in counted))

    def total(year: int, classes: Any) -> int:
        return sum(counted.get((year, each), 0) for each in classes)

    def covered(year: int) -> bool:
        return Coverage(Window(date(year, 1, 1), date(year + 1, 1, 1)), gaps).days > 0

    return tuple(
        YearOfActs(
            year, total(year, force), total(year, hostile), total(year, friendly), covered=covered(year)
        )
        for year in range(min(year for year, _ in counted), last + 1)
    )


def _others(argument: Argument) -> tuple[Argument, ...]:
    """Return the other arguments of the library about two named actors, those about the same rivalry first.

    One without events of its own is left out unless it is about the same two: nobody could read it here.
    """
    found = [
        other
        for other in embedded_arguments()
        if (other.argument, other.rivalry) != (argument.argument, argument.rivalry)
        and other.principals
        and (other.rivalry in embedded_rivalries() or about_same(argument, other))
    ]
    return tuple(sorted(found, key=lambda other: not about_same(argument, other)))


def about_same(argument: Argument, other: Argument) -> bool:
    """Return whether two arguments are about one rivalry: the same of the library, or the same two actors.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> mine = load_argument("iran-iraq")
    >>> about_same(mine, load_argument("israel-syria")), about_same(mine, mine)
    (False, True)
    """
    same = argument.rivalry is not None and argument.rivalry == other.rivalry
    return same or (argument.principals is not None and {*argument.principals} == {*(other.principals or ())})
