"""One family of errors: each carries a code, the field, the rule, the value, the place and a hint as data.

Their English is made here and nowhere else, from the catalogues in `detente.base.messages` and `detente.base.hints`.
Pages in other languages translate the same templates: see `detente.report.text.faults`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any, ClassVar

from detente.base.hints import HINTS
from detente.base.messages import RULES


class Words(Formatter):
    """Fills a template: tuples become lists in words (``{choices:or}``: a, b or c), days are written YYYY-MM-DD."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as its template asks for it."""
        if isinstance(value, tuple):
            return self.listed([self.format_field(part, "") for part in value], format_spec)
        if isinstance(value, float) and not format_spec:
            return f"{value:g}"
        return str(format(value, format_spec))

    def listed(self, words: list[str], last: str) -> str:
        """Return words as a list, with a word before the last one if one is given."""
        if last and len(words) > 1:
            return f"{', '.join(words[:-1])} {last} {words[-1]}"
        return ", ".join(words)


_WORDS = Words()


@dataclass(frozen=True, slots=True, init=False)
class Fault:
    """One thing that is wrong, as data; `str` makes the message of it.

    Attributes
    ----------
    code : str
        The rule that is broken, a key of `detente.base.messages.RULES`.
    field : str
        What breaks it.
    got : object
        The value that does; None if there is none to show.
    where : str or None
        The place, such as ``essay.yaml:14``.
    hint : str or None
        What to try, a key of `detente.base.hints.HINTS`.
    values : tuple of (str, value)
        What the templates of rule and hint are filled with, by name. They may use ``{field}`` and ``{got}`` too.

    Examples
    --------
    >>> print(
    ...     Fault(
    ...         "not_above",
    ...         "half_life_days",
    ...         got=-3,
    ...         where="essay.yaml:14",
    ...         hint="try",
    ...         low=0,
    ...         example="5 to 60",
    ...     )
    ... )
    half_life_days must be greater than 0, got -3 (essay.yaml:14). Try 5 to 60.
    """

    code: str
    field: str
    got: Any
    where: str | None
    hint: str | None
    values: tuple[tuple[str, Any], ...]

    def __init__(
        self,
        code: str,
        field: str,
        *,
        got: Any = None,
        where: str | None = None,
        hint: str | None = None,
        **values: Any,
    ) -> None:
        kept = tuple((name, _frozen(value)) for name, value in sorted(values.items()))
        parts = (code, field, _frozen(got), where, hint, kept)
        for name, part in zip(self.__slots__, parts, strict=True):
            object.__setattr__(self, name, part)
        _ = self.rule, self.remedy  # a code or a value that is missing is reported where it is missing

    @property
    def rule(self) -> str:
        """The rule in English."""
        return self.filled(RULES[self.code])

    @property
    def remedy(self) -> str | None:
        """The hint in English."""
        return self.filled(HINTS[self.hint]) if self.hint else None

    def at(self, field: str, where: str | None) -> Fault:
        """Return the same fault of another field at another place."""
        return Fault(self.code, field, got=self.got, where=where, hint=self.hint, **dict(self.values))

    def to_dict(self) -> dict[str, Any]:
        """Return the fault as plain values, ready for JSON; what there is none of is left out."""
        parts = {
            "code": self.code,
            "field": self.field,
            "rule": self.rule,
            "values": {name: _plain(value) for name, value in self.values} or None,
            "got": _plain(self.got),
            "where": self.where,
            "hint": self.remedy,
            "message": str(self),
        }
        return {name: part for name, part in parts.items() if part is not None}

    def __str__(self) -> str:
        text = f"{self.field} {self.rule}"
        if self.got is not None:
            text += f", got {shorten(self.got)}"
        if self.where:
            text += f" ({self.where})"
        text += "."
        return f"{text} {self.remedy}" if self.hint else text

    def filled(self, template: str, words: Words = _WORDS) -> str:
        """Return a template with the fault's values; another language writes them with words of its own."""
        given = {**dict(self.values), "field": self.field, "got": shorten(self.got)}
        return words.vformat(template, (), given)


class DetenteError(Exception):
    """Base of every error a user can cause; carries one or more faults."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    def __reduce__(self) -> tuple[type[DetenteError], tuple[Fault, ...]]:
        return type(self), self.faults

    def to_dict(self) -> dict[str, Any]:
        """Return the error as the JSON object that the command line and the web print."""
        faults = [fault.to_dict() for fault in self.faults]
        return {"error": self.kind, "exit_code": self.exit_code, "faults": faults}


class DataError(DetenteError):
    """An event file, an actor list or a chronicle breaks a rule."""

    exit_code, kind = 3, "data"


class ArgumentError(DetenteError):
    """An argument file breaks a rule."""

    exit_code, kind = 4, "argument"


class FitError(DetenteError):
    """The fit cannot be made or did not converge."""

    exit_code, kind = 5, "fit"


class UnstableModelError(FitError):
    """The fitted feedback explodes, so nothing may be simulated from it."""

    exit_code, kind = 6, "unstable"


class QuestionError(DetenteError):
    """A question cannot be read or cannot be asked of this chronicle."""

    exit_code, kind = 7, "question"


class LedgerError(DetenteError):
    """The ledger is broken or would be rewritten."""

    exit_code, kind = 8, "ledger"


class OutputError(DetenteError):
    """A result cannot be written: no such folder, no permission, no space."""

    exit_code, kind = 9, "output"


class DetenteWarning(UserWarning):
    """What went wrong beside the result, which is complete nevertheless; carries one fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class ClosedPipeError(OutputError):
    """The reader of a pipe has left before everything was written; the command line ends quietly."""

    exit_code, kind = 141, "closed pipe"


def rule_text(code: str, **values: Any) -> str:
    """Return a rule in English, for lists of what was refused.

    Examples
    --------
    >>> rule_text("not_above", low=0)
    'must be greater than 0'
    """
    return _WORDS.vformat(RULES[code], (), values)


def shorten(value: Any, limit: int = 120) -> str:
    """Return a value as a message shows it: printable, and long ones without their middle.

    Examples
    --------
    >>> shorten(("USA", "IRN")), shorten("a" * 200, 9)
    ('USA, IRN', 'aaaa…aaa')
    """
    if isinstance(value, tuple):
        text = ", ".join(shorten(part) for part in value)
    else:
        text = value if isinstance(value, str) else str(value) if isinstance(value, date) else repr(value)
    text = "".join(ch if ch.isprintable() else repr(ch)[1:-1] for ch in text)
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}…{text[1 - half :]}"


def _frozen(value: Any) -> Any:
    """Return a value that can be hashed: lists become tuples, anything else unhashable its text."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(part) for part in value)
    try:
        hash(value)
    except TypeError:
        return repr(value) if isinstance(value, Mapping) else shorten(repr(value))
    return value


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bool | int | None) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return shorten(value)
