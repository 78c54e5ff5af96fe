"""One family of errors: every message says what, the constraint, what was got, where, and what to try."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in the parts a reader needs to mend it.

    Examples
    --------
    >>> print(
    ...     Fault(
    ...         "half_life_days",
    ...         "must be greater than 0",
    ...         got=-3,
    ...         where="essay.yaml:14",
    ...         hint="Try 5 to 60.",
    ...     )
    ... )
    half_life_days must be greater than 0, got -3 (essay.yaml:14). Try 5 to 60.
    """

    what: str
    constraint: str
    got: Any = None
    where: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        text = f"{self.what} {self.constraint}"
        if self.got is not None:
            text += f", got {_shorten(self.got)}"
        if self.where:
            text += f" ({self.where})"
        text += "."
        return f"{text} {self.hint}" if self.hint else text


class DetenteError(Exception):
    """Base of every error a user can cause; carries one or more faults."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    def to_dict(self) -> dict[str, Any]:
        """Return the error as the JSON object that the command line and the web print."""
        faults = [
            {k: v for k, v in asdict(f).items() if v is not None} | {"message": str(f)} for f in self.faults
        ]
        for fault in faults:
            if "got" in fault:
                fault["got"] = _shorten(fault["got"])
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


def _shorten(value: Any, limit: int = 120) -> str:
    """Return a value as a message shows it: printable, and long ones without their middle."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(ch if ch.isprintable() else repr(ch)[1:-1] for ch in text)
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}…{text[1 - half :]}"
