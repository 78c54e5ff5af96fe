"""What is wrong with an argument: each fault with the file and the line of its field."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from detente.argument.argument import Argument
from detente.argument.yaml_lines import Path_
from detente.base.errors import ArgumentError, Fault

_SHOWN = 12  # names that a hint lists


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
    >>> faults.unless_in(("locker",), argument.locker, ("A", "B"), "must be one of the principals")
    >>> print(*faults.found)
    locker must be one of the principals, got C (a.yaml:3). Known: A, B.
    """

    def __init__(self, argument: Argument) -> None:
        self.argument = argument
        self.found: list[Fault] = []

    def add(self, at: Path_, rule: str, got: object = None, choices: Iterable[Any] = ()) -> None:
        """Add a fault of the field at a path; the nearest of the choices, or all of them, become its hint."""
        names = [str(choice) for choice in choices]
        near = difflib.get_close_matches(str(got), names, 1)
        known = ", ".join(names[:_SHOWN])
        hint = f"Did you mean {near[0]}?" if near else (f"Known: {known}." if known else None)
        self.found.append(Fault(".".join(map(str, at)), rule, got, self.argument.place(at), hint))

    def unless_in(self, at: Path_, got: object, choices: Iterable[Any], rule: str) -> None:
        """Add a fault unless a value is one of the choices."""
        if got not in (choices := tuple(choices)):
            self.add(at, rule, got, choices)

    def raise_any(self) -> None:
        """Raise an `ArgumentError` with every fault found, if there is any.

        Raises
        ------
        ArgumentError
        """
        if self.found:
            raise ArgumentError(*self.found)
