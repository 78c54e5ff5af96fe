"""Why what is known of acts leaves a question open on some days: fields that nobody recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.base.arrays import Bools
from detente.events.act_log import UNKNOWN
from detente.questions.chronicles import Chronicles, fits, whose_dead
from detente.questions.question import Question
from detente.questions.statements import Acts, Amount, Count, Rate, War, leaves
from detente.questions.statuses import BOTH_DEAD, NO_ISSUE, NO_MODE, NO_TOLL, OTHER


def why_unclear(question: Question, known: Chronicles) -> tuple[str, ...]:
    """Return what is not known of the acts that a question is about, so that it cannot be settled on some days.

    Parameters
    ----------
    question : Question
    known : Chronicles
        One history.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.argument.blocks import QuestionSpec
    >>> from detente.lab.case import load_case
    >>> from detente.lab.chronicles import of_history
    >>> from detente.questions.question import bind
    >>> case, day = load_case("us-iran"), date(2020, 1, 17)
    >>> spec = QuestionSpec(id="q", text="?", ask="USA->IRN force deaths>=1 within 90d")
    >>> question = bind(spec, case.argument, "detente", day)
    >>> why_unclear(question, of_history(case.argument, case.chronicle.known_at(day)))
    ('no toll',)
    """
    found: list[str] = []
    for part in question.parts:
        for leaf in leaves(part):
            if isinstance(leaf, Amount | Count | Rate):
                dead = bool(leaf.acts.deaths_at_least) or (isinstance(leaf, Amount) and leaf.kind == "deaths")
                found += _of_acts(leaf.acts, known, dead=dead)
            elif isinstance(leaf, War):
                found += _of_acts(Acts(kinds=()), known, dead=True)
    return tuple(dict.fromkeys(found)) or (OTHER,)


def _of_acts(acts: Acts, known: Chronicles, *, dead: bool) -> list[str]:
    looks, log = known.acts.looks, known.acts
    sure, may = fits(acts)
    fit = np.array(looks.select(fit=sure | may)["fit"].fill_null(value=False), dtype=np.bool_)[log.act]
    found: list[str] = []
    if dead:
        counted = log.deaths != 0
        if "fatalities_of" in looks.columns:
            __, possibly = whose_dead(replace(acts, deaths_at_least=1))
            mixed = np.array(looks.select(mixed=possibly)["mixed"].fill_null(value=False), dtype=np.bool_)
            found += [BOTH_DEAD] * bool((fit & counted & mixed[log.act]).any())
        found += [NO_TOLL] * bool((fit & (log.deaths == UNKNOWN)).any())
    for allowed, column, code in ((acts.modes, "mode", NO_MODE), (acts.issues, "issue", NO_ISSUE)):
        if allowed:
            found += [code] * bool((fit & _empty(known, column)).any())
    return found


def _empty(known: Chronicles, column: str) -> Bools:
    return np.array(known.acts.looks[column].is_null(), dtype=np.bool_)[known.acts.act]
