"""How much of an answer rests on acts that nobody has been seen to do in its channels."""

from __future__ import annotations

from detente.events.act_log import SURE
from detente.model.program import Program
from detente.questions.chronicles import fitting_looks
from detente.questions.statements import Acts


def third_step_share(program: Program, acts: Acts) -> float | None:
    """Return how much of the chance of acts rests on the third step of the table of acts, in the modelled channels.

    The third step is what anyone in the chronicle did, or what the codebook names, and the channels that take such acts
    have not shown.

    Parameters
    ----------
    program : Program
    acts : Acts
        Deaths do not matter.

    Returns
    -------
    float or None
        From 0 to 1, each channel weighed by its acts on the fitted days, one half more; None where no channel can draw
        such an act.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.lab.case import load_case
    >>> from detente.model.compiler import compile_argument
    >>> case = load_case("us-iran")
    >>> program = compile_argument(case.argument, case.chronicle, date(2020, 1, 17))
    >>> between = {"sources": ("USA",), "targets": ("IRN",), "either_way": True}
    >>> third_step_share(program, Acts(**between, modes=("ceasefire",)))
    1.0
    >>> third_step_share(program, Acts(**between)) < 0.1
    True
    """
    fits = fitting_looks(program.acts.looks, acts) == SURE
    return program.acts.share_on_chronicle(fits, program.history.counts.sum(axis=1) + 0.5)
