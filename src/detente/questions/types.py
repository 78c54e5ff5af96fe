"""What sort of question a question is, and how far ahead it looks: how records of forecasts find similar ones."""

from __future__ import annotations

from datetime import date
from math import log

from detente.events.ontology.classes import Role, scheme_of
from detente.questions.question import Question
from detente.questions.statements import Acts, InPhase, Kind, MemoryChange, Statement, War, leaves

FORCE, DEATHS, PRESSURE, RELIEF, TALKS, ACCORDS, PHASES = TYPES = (
    "force",
    "deaths",
    "pressure",
    "relief",
    "talks",
    "accords",
    "phases",
)
"""The types of questions."""
HORIZONS = (30, 90, 180, 365, 730)
"""Days ahead, in which questions are grouped; see `horizon_of`."""

_OF_ACTION = (
    dict.fromkeys(("ASSAULT", "COERCE", "MOBILIZE"), FORCE)
    | dict.fromkeys(("AID", "COOPERATE", "RETREAT", "YIELD"), RELIEF)
    | {"SANCTION": PRESSURE, "CONSULT": TALKS, "AGREE": ACCORDS}
)
_OF_ROLE = {
    Role.FORCE: FORCE,
    Role.PRESSURE: PRESSURE,
    Role.COOPERATION_BY_DEED: RELIEF,
    Role.TALKS: TALKS,
}
_FARTHEST = log(2) / 2  # of the log of days from the last horizon: halfway to twice as far


def types_of(question: Question, scheme: str) -> frozenset[str]:
    """Return the types that a question is of.

    Parameters
    ----------
    question : Question
        Its condition does not count.
    scheme : str
        Class scheme of the chronicle. Where one of its classes serves several roles, a question about that class is
        of several types.

    Returns
    -------
    frozenset of str
        Empty for a question about words, about a memory, about acts of any kind, or with parts of unlike types.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.base.days import Window
    >>> from detente.questions.statements import Count
    >>> window = Window(date(2020, 1, 1), date(2020, 4, 1))
    >>> force = Count(Acts(kinds=(Kind(classes=("force",)),)), window, at_least=1)
    >>> sorted(types_of(Question("q", "?", force), "detente"))
    ['force']
    >>> conflict = Count(Acts(kinds=(Kind(classes=("material-conflict",)),)), window, at_least=1)
    >>> sorted(types_of(Question("q", "?", conflict), "quad"))
    ['force', 'pressure']
    """
    found = {_of_leaf(leaf, scheme) for leaf in leaves(question.asks)}
    return found.pop() if len(found) == 1 else frozenset()


def horizon_of(question: Question, as_of: date) -> int | None:
    """Return the horizon, one of `HORIZONS`, that is nearest by ratio to the days from `as_of` to the question's end.

    None for a question that ends before `as_of`, or more than about 1,030 days after it.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.base.days import Window
    >>> until = [date(2020, 2, 1), date(2020, 9, 1), date(2021, 1, 1), date(2023, 1, 1)]
    >>> asked = [Question("q", "?", War(Window(date(2020, 1, 1), end))) for end in until]
    >>> [horizon_of(question, date(2020, 1, 1)) for question in asked]
    [30, 180, 365, None]
    """
    days = (question.window.end - as_of).days
    if days < 1 or log(days / HORIZONS[-1]) > _FARTHEST:
        return None
    return min(HORIZONS, key=lambda horizon: abs(log(days / horizon)))


def _of_leaf(leaf: Statement, scheme: str) -> frozenset[str]:
    match leaf:
        case InPhase(phase):
            return frozenset({TALKS if phase == "talks" else PHASES})
        case War():
            return frozenset({PHASES})
        case MemoryChange():
            return frozenset()
    acts = getattr(leaf, "acts", None)
    return _of_acts(acts, scheme) if isinstance(acts, Acts) else frozenset()


def _of_acts(acts: Acts, scheme: str) -> frozenset[str]:
    if acts.deaths_at_least:
        return frozenset({DEATHS})
    named = [kind for kind in acts.kinds if kind.actions] or acts.kinds  # an action says more than a class
    found = {_of_kind(kind, scheme) for kind in named}
    return found.pop() if len(found) == 1 else frozenset()


def _of_kind(kind: Kind, scheme: str) -> frozenset[str]:
    roles = scheme_of(scheme)
    found = {frozenset({_OF_ACTION[a]} if a in _OF_ACTION else ()) for a in kind.actions}
    found |= {
        frozenset(kind_ for role, kind_ in _OF_ROLE.items() if cls in roles.classes_of(role))
        for cls in kind.classes
    }
    return found.pop() if len(found) == 1 else frozenset()
