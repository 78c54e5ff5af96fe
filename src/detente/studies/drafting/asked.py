"""Questions that people ask of two actors, with windows in which they came true neither always nor never."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from detente.argument.argument import Argument
from detente.argument.blocks import QuestionSpec
from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.lab.chronicles import of_history
from detente.questions.base_rates import BaseRate, base_rate
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, bind, resolve
from detente.questions.settle import Outcome
from detente.questions.statements import Rate
from detente.questions.statuses import BOTH_DEAD

LOW, HIGH = 0.05, 0.95  # chances between which a question is worth asking
_WINDOWS = (90, 180, 30, 365)  # days, the first that fits is taken
_MORE, _LESS = (1.5, 1.0, 2.0), (0.5, 1.0)  # times the rate lately
_COMPARED = {
    (">", 1.0): "more frequent {within} than",
    (">", 1.5): "more than 1.5 times as frequent {within} as",
    (">", 2.0): "more than twice as frequent {within} as",
    ("<", 1.0): "less frequent {within} than",
    ("<", 0.5): "less than half as frequent {within} as",
}


@dataclass(frozen=True)
class ProposedQuestion:
    """A question with how often it came true in earlier windows of its length.

    Attributes
    ----------
    spec : QuestionSpec
    share : float
        From 0 to 1.
    windows : int
        Windows settled; they overlap.
    separate : float
        How many windows of that length would fit without overlap.
    """

    spec: QuestionSpec
    share: float
    windows: int
    separate: float


@dataclass(frozen=True)
class OmittedQuestion:
    """A kind of question that is not proposed, and why.

    Attributes
    ----------
    id : str
    why : str
        ``rare`` or ``usual`` if it came true in fewer or more of the windows of every length, ``unsettled`` if no
        earlier window can be settled, ``both sides' dead`` or ``unclear`` if too many cannot (for what they lack see
        `why_unclear`), ``decided`` if it cannot come true any more from `as_of` on, since there is
        nothing lately to fall below, ``mirrored`` if it asks the opposite of one that is proposed, ``no deaths`` or
        ``no meeting`` if the events hold none; otherwise ``uneven``, rare in some lengths
        and usual in others.
    """

    id: str
    why: str


def questions_of(
    argument: Argument, known: Chronicle, as_of: date, days: int, back: int
) -> tuple[tuple[ProposedQuestion, ...], tuple[OmittedQuestion, ...]]:
    """Return one question of each kind that came true in 5 to 95 % of the earlier windows, and the kinds without one.

    Parameters
    ----------
    argument : Argument
        The draft without questions.
    known : Chronicle
    as_of : date
    days : int
        The longest window.
    back : int
        Months that *lately* means.
    """
    history, since = of_history(argument, known), known.window.start
    found: list[ProposedQuestion] = []
    asked_of: list[Question] = []
    omitted = [] if _deadly(known) else [OmittedQuestion("deadly-strike", "no deaths")]
    omitted += [] if _meets(known) else [OmittedQuestion("talks", "no meeting")]
    for kind in _kinds(argument, known, back):
        reasons: list[str] = []
        for id_, text, line, window in (
            (*asked, window) for asked in kind for window in _WINDOWS if window <= days
        ):
            spec = _tried(id_, text, line, window)
            question = bind(spec, argument, known.scheme, as_of)
            if resolve(question, history) in (Outcome.YES, Outcome.NO):
                reasons.append("decided")
                continue
            rate = base_rate(question, history, as_of, since)
            if rate.share is not None and LOW <= rate.share <= HIGH:
                if any(_opposite(question, other, history) for other in asked_of):
                    omitted.append(OmittedQuestion(id_, "mirrored"))
                    break
                asked_of.append(question)
                found.append(ProposedQuestion(spec, rate.share, rate.windows, rate.separate))
                break
            reasons.append(_not_asked(rate))
        else:
            omitted.append(OmittedQuestion(id_, reasons[0] if len(set(reasons)) == 1 else "uneven"))
    return tuple(found), tuple(omitted)


def _not_asked(rate: BaseRate) -> str:
    """Return why a question with such a base rate is not proposed."""
    if rate.share is not None:
        return "rare" if (rate.high or 0.0) < LOW else "usual" if (rate.low or 0.0) > HIGH else "unclear"
    return BOTH_DEAD if BOTH_DEAD in rate.because else "unclear" if rate.windows else "unsettled"


def _opposite(falls: Question, rises: Question, history: Chronicles) -> bool:
    """Return whether acts of a window are few enough for the one question just where they are too few for the other."""
    below, above = falls.asks, rises.asks
    if not (isinstance(below, Rate) and isinstance(above, Rate) and below.below and not above.below):
        return False
    if (below.acts, below.window, below.reference) != (above.acts, above.window, above.reference):
        return False
    lately = int(history.tally(below.acts, below.reference).certain[0])
    fewer, more = (lately * r.times * r.window.days / r.reference.days for r in (below, above))
    return below.times == above.times or ceil(fewer) >= floor(more) + 1


def _meets(known: Chronicle) -> bool:
    """Whether a question about talks can come true: where acts done together have a class, some act is of it."""
    joint = scheme_of(known.scheme).joint_class
    return joint is None or bool((known.events["class"] == joint).any())


def _deadly(known: Chronicle) -> bool:
    return bool(known.events["fatalities"].fill_null(0).sum())


def _tried(id_: str, text: str, line: str, days: int) -> QuestionSpec:
    return QuestionSpec(id=id_, text=text.format(within=f"within {days} days"), ask=f"{line} within {days}d")


def _kinds(argument: Argument, known: Chronicle, back: int) -> Iterator[Sequence[tuple[str, str, str]]]:
    """Yield each kind of question as its id, text and line without a window, the first choice first."""
    one, other = argument.principals or ("", "")
    if not all(re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) for name in (one, other)):
        return  # a line cannot name them
    pair, lately = f"{one}<->{other}", f"{back} months"
    if _meets(known) and scheme_of(known.scheme).joint_class is not None:
        yield [("talks", f"{one} and {other} hold talks {{within}}", f"{pair} talks")]
    elif _meets(known):  # no act is coded as done together, so talks cannot be told from friendly words
        words = f"{one} or {other} cooperates in words {{within}}"
        yield [("friendly-words", words, f"{pair} cooperation_by_word")]
    if _deadly(known):
        yield [
            (
                "deadly-strike",
                f"A strike of {one} or {other} on the other kills {{within}}",
                f"{pair} force deaths>=1",
            )
        ]
        for name in argument.parties:
            for end in (one, other):
                if any(c.source == name and c.target == end and c.role == "force" for c in argument.channels):
                    yield [
                        (
                            f"deadly-{name}",
                            f"A strike of {name} on {end} kills {{within}}",
                            f"{name}->{end} force deaths>=1",
                        )
                    ]
    scheme = scheme_of(known.scheme)
    deeds = scheme.classes_of("force") == scheme.classes_of("pressure")  # then one class holds both
    for role, id_, what in (
        ("force", "hostile-deeds", f"Hostile deeds between {one} and {other} are")
        if deeds
        else ("force", "force", f"Force between {one} and {other} is"),
        ("cooperation_by_word", "talk", f"Friendly words between {one} and {other} are"),
    ):
        for way, sign, times in (("rises", ">", _MORE), ("falls", "<", _LESS)):
            yield [
                (
                    f"{id_}-{way}",
                    f"{what} {_COMPARED[sign, n]} in the last {lately}",
                    f"{pair} {role} rate {sign} {'' if n == 1 else f'{n:g} * '}last {back}m",
                )
                for n in times
            ]
