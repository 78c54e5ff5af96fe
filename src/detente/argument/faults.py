"""What is wrong with an argument: each fault with the file and the line of its field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from detente.argument.argument import Argument
from detente.argument.yaml_lines import Path_
from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.base.spelling import suggest


class Faults:
    r"""Collects the faults of one argument.

    Whoever knows the answer checks: `argument.check` what the file says of itself, `model.check` mechanisms and terms,
    `questions.check` questions, `futures.levers.check` plans and the door. Each of them adds to one collector.

    Examples
    --------
    >>> from detente.argument.load import parse_argument
    >>> argument = parse_argument(
    ...     "argument: a\ntitle: A\nlocker: C\nmechanisms: {momentum: {}}\n", "a.yaml"
    ... )
    >>> faults = Faults(argument)
    >>> faults.unless_in(("locker",), argument.locker, ("A", "B"), "not_a_principal")
    >>> print(*faults.found)
    locker must be one of the principals, got C (a.yaml:3). Known: A, B.
    """

    def __init__(self, argument: Argument, limits: Limits = LIMITS) -> None:
        self.argument, self.limits = argument, limits
        self.found: list[Fault] = []

    def add(
        self, at: Path_, code: str, got: object = None, choices: Iterable[Any] = (), **values: Any
    ) -> None:
        """Add a fault of the field at a path; the nearest of the choices, or all of them, become its hint."""
        where, hint = self.argument.place(at), suggest(got, choices)
        self.found.append(Fault(code, ".".join(map(str, at)), got=got, where=where, **hint, **values))

    def unless_in(self, at: Path_, got: object, choices: Iterable[Any], code: str, **values: Any) -> None:
        """Add a fault unless a value is one of the choices."""
        if got not in (choices := tuple(choices)):
            self.add(at, code, got, choices, **values)

    def raise_any(self) -> None:
        """Raise an `ArgumentError` with every fault found, if there is any.

        Raises
        ------
        ArgumentError
        """
        if self.found:
            raise ArgumentError(*self.found)
