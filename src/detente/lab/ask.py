"""The use case `ask`: answers to user questions: probability, uncertainty, base rates and main drivers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from detente.argument.blocks import QuestionSpec
from detente.base.errors import Fault, QuestionError
from detente.base.progress import Progress
from detente.base.spelling import nearest
from detente.base.tables import Tables, heading, table_of
from detente.lab.added import Lack, counted_acts
from detente.lab.asked import bind_asked
from detente.lab.case import Case, case_of
from detente.lab.chronicles import of_history
from detente.lab.kept_rates import kept_base_rates
from detente.lab.record import SimilarRecord, track_record
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day
from detente.lab.third_step import third_step_share
from detente.lab.too_little import Caution
from detente.lab.why import DrawnValues, Mover, ProbabilitySpread, drawn_values, movers, spread
from detente.model.program import Program
from detente.questions.answers import AMOUNT_COLUMNS, Answer, amount_row, answer_to_dict
from detente.questions.base_rates import BaseRate
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question
from detente.questions.statements import Acts, Amount, Count, Rate, leaves
from detente.questions.statuses import BOTH_DEAD, MODELLED, NOT_MODELLED
from detente.questions.unclear import why_unclear

_HEAD = ("rivalry", "argument", "as_of", "version", "data", "futures")
MOSTLY = 0.5  # of the chance of acts, from which it rests mostly on acts that nobody like them has shown
_SLIP = 0.8  # likeness from which a word is taken for a misspelt one


@dataclass(frozen=True, slots=True)
class Caveat:
    """What makes a question harder to answer than its asker may think.

    Attributes
    ----------
    kind : str
        ``early`` (its window opens before the futures do), ``unknown`` (no act known by then has a word of it),
        ``unlike`` (such acts rest mostly on acts that its channels, and those like them, never showed),
        ``both sides' dead`` (acts known count the dead of several actors together, and futures draw them so) or
        ``not modelled`` (futures cannot hold the acts it counts, or begin the phase, not even with channels added).
    column, word, near : str
        ``mode`` or ``issue``, the word, and a known word like it; empty if early or if there is none. If not modelled,
        `word` says whose acts, and is empty for a phase.
    why : str
        If not modelled, as in `Lack`: ``actor``, ``class``, ``act``, ``tolls`` or ``phase``.
    actors : tuple of str
        Those never seen.
    phase : str
        The phase, ``talks`` or ``war`` that is not modelled.
    share : float or None
        If unlike: the share of the chance.
    opens, start : date or None
        First day of the window, and of the futures.
    """

    kind: str
    column: str = ""
    word: str = ""
    near: str = ""
    opens: date | None = None
    start: date | None = None
    why: str = ""
    actors: tuple[str, ...] = ()
    phase: str = ""
    share: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        if self.kind == "early":
            return {"kind": self.kind, "opens": str(self.opens), "as_of": str(self.start)}
        if self.kind == BOTH_DEAD:
            return {"kind": self.kind}
        if self.kind == "unlike":
            return {"kind": self.kind, "acts": self.word, "share": self.share}
        if self.kind == "not modelled":
            about = {"acts": self.word or None, "phase": self.phase or None}
            return {"kind": self.kind, **about, "why": self.why, "actors": list(self.actors)}
        return {"kind": self.kind, "column": self.column, "word": self.word, "near": self.near or None}


@dataclass(frozen=True)
class QuestionResult:
    """One question asked of a run.

    Attributes
    ----------
    answer : Answer
        Its chance over futures with the Monte-Carlo interval, and its outcome.
    spread : ProbabilitySpread or None
        How far the chance varies over posterior draws; None where futures are too few to tell.
    base_rates : (BaseRate, BaseRate)
        Over all earlier windows, and over those of the last four years.
    why : tuple of Mover
    caveats : tuple of Caveat
        What the question names and the chronicle known by then, or the futures, do not hold.
    record : SimilarRecord or None
        How often similar questions came true; None if too few are known.
    recorded : bool
        Whether there is a record of the argument's forecasts to look in.
    """

    answer: Answer
    spread: ProbabilitySpread | None
    base_rates: tuple[BaseRate, BaseRate]
    why: tuple[Mover, ...]
    caveats: tuple[Caveat, ...]
    record: SimilarRecord | None = None
    recorded: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return answer_to_dict(self.answer) | {
            "spread": None if self.spread is None else asdict(self.spread),
            "base_rates": {
                "all": self.base_rates[0].to_dict(),
                "four_years": self.base_rates[1].to_dict(),
            },
            "why": [mover.to_dict() for mover in self.why],
            "caveats": [caveat.to_dict() for caveat in self.caveats],
            "record": None if self.record is None else self.record.to_dict(),
        }


@dataclass(frozen=True)
class Ask(Tables):
    """Questions asked of one run: the result of `ask`.

    Attributes
    ----------
    run : Run
    asked : tuple of QuestionResult
    files : tuple of Path
        The files that questions were read from, which no answers are written over.
    """

    run: Run
    asked: tuple[QuestionResult, ...]
    files: tuple[Path, ...] = ()
    tables: ClassVar[tuple[str, ...]] = ("answers", "why")

    def _about(self) -> str:
        run = self.run
        return heading(run.case.title, run.as_of, questions=len(self.asked), futures=run.futures.count)

    def _table(self, name: str) -> pl.DataFrame:
        if name == "why":
            return table_of(_WHY, (row for asked in self.asked for row in _why(asked)))
        head = (self.run.as_of, self.run.futures.count, self.run.futures.seed, self.run.case.chronicle.digest)
        return table_of(_ANSWERS, ((*_answer(asked), *head) for asked in self.asked))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return self.run.cautions

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; head and digits are those of the run."""
        whole = self.run.to_dict()
        head = {k: whole[k] for k in (*_HEAD, "cautions") if k in whole}
        return head | {"questions": [asked.to_dict() for asked in self.asked]}


def ask(
    case: Case | str | Path,
    *questions: str | QuestionSpec | Path,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Ask:
    """Ask questions of a rivalry; all share one run.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    *questions : str, QuestionSpec or path
        A line in the grammar of ``docs/questions.md``, the id of a question of the argument, or the path of a file of
        many; see `read_questions`.
    as_of, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Ask

    Raises
    ------
    QuestionError
        If lines cannot be read, or name actors that do not occur: all of them, each with its column, and with file
        and line where it is written in a file.
    ArgumentError, FitError, UnstableModelError
        As `run` does.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> result = ask(load_case("us-iran"), "IRN->USA ASSAULT deaths>=1 within 90d", futures=50)
    >>> result.asked[0].answer.question.window.days, result.run.futures.count
    (90, 50)
    """
    case = case_of(case)
    as_of = case.settings(as_of=as_of).as_of
    if not questions:
        raise QuestionError(Fault("required", "question", hint="question_example"))
    specs, bound = bind_asked(case, questions, as_of)
    asking = replace(case, argument=case.argument.model_copy(update={"questions": specs, "claims": ()}))
    far = max((question.window.end - as_of).days for question in bound)
    result = run(
        asking,
        as_of=as_of,
        days=max(far, 1),
        futures=futures,
        seed=seed,
        threads=threads,
        progress=progress,
    )
    return Ask(result, asked_of(result), tuple(q.absolute() for q in questions if isinstance(q, Path)))


_ANSWERS: dict[str, type] = {
    "id": str,
    "text": str,
    "opens": date,
    "closes": date,
    "probability": float,
    "low": float,
    "high": float,
    "draws_low": float,
    "draws_high": float,
    "yes": int,
    "settled": int,
    "ambiguous": float,
    "low_all": float,
    "high_all": float,
    "base_rate": float,
    "base_rate_windows": int,
    "base_rate_4y": float,
    "base_rate_4y_windows": int,
    "outcome": str,
    **AMOUNT_COLUMNS,
    "base_rate_q50": float,
    "base_rate_4y_q50": float,
    "as_of": date,
    "futures": int,
    "seed": int,
    "data": str,
}
_WHY = {"id": str, "name": str, "points": float, "error": float, "moved": float}


def _answer(asked: QuestionResult) -> tuple[Any, ...]:
    a, spread, (whole, recent) = asked.answer, asked.spread, asked.base_rates
    window = a.question.window
    return (
        a.question.id,
        a.question.text,
        window.start,
        window.end,
        *(a.probability, a.low, a.high),
        *((None, None) if spread is None else (spread.low, spread.high)),
        *(a.yes, a.settled, a.ambiguous, a.low_all, a.high_all),
        *(whole.share, whole.windows, recent.share, recent.windows),
        a.outcome.word,
        *amount_row(a),
        *(_median(a, rate) for rate in asked.base_rates),
    )


def _median(answer: Answer, rate: BaseRate) -> float | None:
    """Return the median over earlier windows of a question that asks how many or when; of a day in days."""
    value = None if rate.distribution is None else rate.distribution.quantiles[2]
    return float(answer.question.window.index(value)) if isinstance(value, date) else value


def _why(asked: QuestionResult) -> list[tuple[Any, ...]]:
    return [(asked.answer.question.id, m.name, m.points, m.error, m.moved) for m in asked.why]


def asked_of(result: Run) -> tuple[QuestionResult, ...]:
    """Add to each answer of a run its spread over draws, its base rates and its why."""
    case, as_of = result.case, result.as_of
    questions = tuple(answer.question for answer in result.answers)
    known = case.known(as_of).cut
    history = of_history(case.argument, known, questions, posterior=result.posterior)
    drawn: dict[int, DrawnValues] = {}
    words = {name: known.events[name].drop_nulls().unique().sort().to_list() for name in ("mode", "issue")}
    record, scheme = track_record(case), case.chronicle.scheme
    out = []
    for answer in result.answers:
        outcomes, posterior = result.outcomes_of(answer), result.posterior_of(answer)
        if id(posterior) not in drawn:
            drawn[id(posterior)] = drawn_values(posterior, result.futures.count, result.futures.seed)
        draws = drawn[id(posterior)]
        modelled = answer.status != NOT_MODELLED and answer.certain is None
        beyond = result.beyond.get(answer.question)
        rates = kept_base_rates(case, answer.question, history, as_of)
        out.append(
            QuestionResult(
                answer,
                spread(outcomes, draws) if modelled else None,
                rates,
                movers(outcomes, draws) if modelled else (),
                (
                    *_early(answer.question, as_of),
                    *_not_modelled(() if beyond is None else beyond.lacks),
                    *(_unlike(answer.question, posterior.program) if modelled else ()),
                    *_both_dead(answer.question, history, modelled=modelled),
                    *_unknown(answer.question, words),
                ),
                record.of(answer.question, answer.probability, scheme=scheme, as_of=as_of)
                if record is not None and modelled and answer.status == MODELLED and not answer.only_bounds
                else None,
                record is not None,
            )
        )
    return tuple(out)


def _early(question: Question, start: date) -> list[Caveat]:
    """Return a caveat if a window opens before the futures do."""
    opens = question.window.start
    if opens >= start:
        return []
    return [Caveat("early", opens=opens, start=start)]


def _not_modelled(lacks: Iterable[Lack]) -> list[Caveat]:
    """Return a caveat for each sort of act, and each phase, of a question that futures cannot hold."""
    found = (
        Caveat(
            "not modelled", word=_ends(x.acts) if x.acts else "", why=x.why, actors=x.actors, phase=x.phase
        )
        for x in lacks
    )
    return list(dict.fromkeys(found))


def _unlike(question: Question, program: Program) -> list[Caveat]:
    """Return a caveat for each sort of act whose chance rests mostly on the third step of the table of acts."""
    found = []
    for acts in counted_acts(question):
        share = third_step_share(program, acts)
        if share is not None and share > MOSTLY:
            found.append(Caveat("unlike", word=_ends(acts), share=share))
    return found


def _both_dead(question: Question, history: Chronicles, *, modelled: bool) -> list[Caveat]:
    """Return a caveat if the dead of acts that a question counts are not told apart by side."""
    return [Caveat(BOTH_DEAD)] if modelled and BOTH_DEAD in why_unclear(question, history) else []


def _ends(acts: Acts) -> str:
    ends = (", ".join(codes) or "any" for codes in (acts.sources, acts.targets))
    return ("<->" if acts.either_way else " -> ").join(ends)


def _unknown(question: Question, words: Mapping[str, list[str]]) -> list[Caveat]:
    """Return a caveat for each of the modes and issues a question names that no act known by then has."""
    found = []
    for column, known in words.items():
        for part in question.parts:
            for leaf in leaves(part):
                for word in (
                    getattr(leaf.acts, f"{column}s") if isinstance(leaf, Amount | Count | Rate) else ()
                ):
                    if word not in known:
                        near = nearest(word, known, _SLIP)
                        found.append(Caveat("unknown", column, word, near or ""))
    return list(dict.fromkeys(found))
