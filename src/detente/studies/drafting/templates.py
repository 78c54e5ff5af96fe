"""Templates of the blocks that a study needs and a first argument lacks, with every number marked as a blank."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from detente.argument.argument import Argument
from detente.argument.blanks import BLANK
from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest

_FORECAST = "  - id: forecast\n"

BLOCKS = ("door", "levers", "bargain", "claims")
"""The blocks there is a template of: files in ``data/templates`` with the argument's own names in braces."""


def template(
    name: str, principals: tuple[str, str], mediator: str | None, question: str | None, *, joint: bool = True
) -> str:
    """Return the template of a block for two actors; a part that needs a name nobody can propose is a comment.

    Parameters
    ----------
    name : str
        One of `BLOCKS`.
    principals : pair of str
    mediator : str or None
    question : str or None
        The id of a question.
    joint : bool
        Whether the events have a class of acts that both do together, without which no door can be tested.

    Raises
    ------
    ArgumentError
        If there is no such template.

    Examples
    --------
    >>> print(template("levers", ("A", "B"), None, None).splitlines()[3])
        text: A takes one step back
    """
    if name not in BLOCKS:
        raise ArgumentError(
            Fault("not_one_of", "with", got=name, choices=BLOCKS, **suggest(name, BLOCKS, known=False))
        )
    one, other = principals
    text = _read(f"{name}.yaml.txt").format(
        one=one, bare=one.strip('"'), other=other, mediator=mediator or BLANK, question=question or BLANK
    )
    if name == "door" and not joint:
        return _read("no-joint.txt") + _commented(text)
    if name == "door" and mediator is None:
        return _read("no-mediator.txt") + _commented(text)
    if name == "claims" and question is None:
        kept, forecast = text.split(_FORECAST)
        return kept + _read("no-question.txt") + _commented(_FORECAST + forecast)
    return text


def _read(name: str) -> str:
    return (resources.files("detente") / "data" / "templates" / name).read_text(encoding="utf-8")


def _commented(text: str) -> str:
    return "".join(f"# {line}" for line in text.splitlines(keepends=True))


def templates_for(argument: Argument, names: Sequence[str]) -> str:
    """Return the templates of blocks that an argument lacks, with its own names in them.

    Raises
    ------
    ArgumentError
        If it names no principals, or there is no such template.
    """
    if argument.principals is None:
        where = argument.place(())
        raise ArgumentError(Fault("required", "principals", where=where, hint="give_principals"))
    third = [
        member
        for channel in argument.channels
        if channel.target == "principals" and channel.source in argument.parties
        for member in argument.parties[channel.source].members
    ]
    question = argument.questions[0].id if argument.questions else None
    one, other = (f'"{code}"' if not code.isalpha() else code for code in argument.principals)
    return "\n".join(template(name, (one, other), third[0] if third else None, question) for name in names)
