"""The protocol of the backtest of questions: which questions, on which days, with how many futures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from detente.argument.argument import Argument
from detente.argument.blocks import QuestionSpec
from detente.argument.sides import gaps_of
from detente.argument.yaml_lines import parse_yaml
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError, Fault
from detente.events.coverage import Coverage
from detente.events.files.embedded import embedded_rivalries
from detente.lab.case import Case
from detente.studies.scoring.protocol import SHARE, first_fit_day, quarters_between

FUTURES, SEED = 500, 1
ARGUMENT, ALL, RECENT, OF_TYPE = "argument", "all", "four_years", "type"
"""The forecasters: the argument, both base rates of a question, and how often questions of its type came true."""
_FILE = "questions.yaml"
_DAY = timedelta(days=1)
_SHORTEST = timedelta(days=30)  # a window that must end in the coverage


@dataclass(frozen=True, slots=True)
class QuestionTemplate:
    """One question for any two actors.

    Attributes
    ----------
    id : str
    type : str
        One of `questions.types.TYPES`.
    horizon : int
        One of `questions.types.HORIZONS`, in days.
    ask : str
        A line in the grammar of questions. ``{first}`` and ``{second}`` are the principals, ``{second_side}`` the
        second one with the parties on its side.
    within_factor : float or None
        How far the mean probability may be from the frequency, if that is a target.
    """

    id: str
    type: str
    horizon: int
    ask: str
    within_factor: float | None = None

    def line(self, argument: Argument) -> str:
        """Return its line for the principals of an argument.

        Raises
        ------
        ArgumentError
            If the argument has none.
        """
        if argument.principals is None:
            where = argument.argument
            raise ArgumentError(Fault("required", "principals", where=where, hint="give_principals"))
        first, second = argument.principals
        side = [name for name, party in argument.parties.items() if party.side == second]
        return (
            self.ask.replace("{first}", first)
            .replace("{second}", second)
            .replace("{second_side}", ",".join((second, *side)))
        )


@cache
def question_templates() -> tuple[QuestionTemplate, ...]:
    """Return the questions that come with the program.

    Examples
    --------
    >>> [template.id for template in question_templates()][:2]
    ['side-force-90d', 'side-deadly-180d']
    """
    text = (resources.files("detente") / "data" / _FILE).read_text(encoding="utf-8")
    rows, _ = parse_yaml(text, _FILE)
    return tuple(QuestionTemplate(**row) for row in rows)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A template written out for the principals of an argument."""

    id: str
    type: str
    horizon: int
    ask: str
    within_factor: float | None = None

    @property
    def spec(self) -> QuestionSpec:
        """The question as an argument would declare it."""
        return QuestionSpec(id=self.id, text=self.ask, ask=self.ask)


@dataclass(frozen=True)
class QuestionProtocol:
    """What is asked when.

    Attributes
    ----------
    questions : tuple of AskedQuestion
    dates : tuple of date
        In order. What is said on a day rests on what was known before it.
    fixed : bool
        Whether the days are those that the rivalry declares; else they are derived from the coverage.
    too_early : tuple of date
        Days left out because too little was known to fit anything to.
    futures, seed : int
    """

    questions: tuple[AskedQuestion, ...]
    dates: tuple[date, ...]
    fixed: bool
    too_early: tuple[date, ...] = ()
    futures: int = FUTURES
    seed: int = SEED

    def to_dict(self) -> dict[str, Any]:
        """Return the protocol as plain values."""
        return {
            "days_from": "rivalry" if self.fixed else "coverage",
            "dates": [day.isoformat() for day in self.dates],
            "too_early": [day.isoformat() for day in self.too_early],
            "futures": self.futures,
            "seed": self.seed,
            "interval": SHARE,
            "questions": [asdict(question) for question in self.questions],
        }


def question_protocol_of(case: Case) -> QuestionProtocol:
    """Return the questions and the days of a case.

    Days are those that the rivalry declares; for any other chronicle the first third of its coverage is kept for the
    first fit, and then come the first days of all quarters whose 30-day window ends in the coverage. Days in a gap, and
    the first one after it, are none.

    Raises
    ------
    ArgumentError
        If the argument has no principals.
    DataError
        If no day is left.
    """
    argument, chronicle = case.argument, case.chronicle
    window = chronicle.window
    asked = tuple(
        AskedQuestion(each.id, each.type, each.horizon, each.line(argument), each.within_factor)
        for each in question_templates()
    )
    embedded = embedded_rivalries().get(chronicle.provenance.name)
    days = embedded.backtest if embedded else None
    first, last = (days.first_questions, days.last_questions) if days else (None, None)
    fixed = (
        first is not None and last is not None and window.start <= first and last + _SHORTEST <= window.end
    )
    if first is None or last is None or not fixed:
        first, last = first_fit_day(argument, chronicle), window.end - _SHORTEST
    covered = Coverage(window, gaps_of(argument, window.end, chronicle.gaps))
    # on the morning of a day in a gap nobody knows what has just happened
    found = [day for day in quarters_between(first, last) if not covered.touches(Window(day - _DAY, day))]
    dates = [day for day in found if _enough(case, day)]
    if not dates:
        raise DataError(Fault("no_whole_quarter", "chronicle", got=str(window), hint="nine_months"))
    early = tuple(day for day in found if day not in dates)
    return QuestionProtocol(asked, tuple(dates), fixed, early)


def _enough(case: Case, day: date) -> bool:
    try:
        case.known(day)
    except DataError:
        return False
    return True
