"""The settings of a run: given by the caller, or declared in the argument's `run:` block."""

from __future__ import annotations

from typing import Any

from detente.base.errors import ArgumentError, Fault


def required(name: str, given: Any, declared: Any) -> Any:
    """Return what a flag gives, else what the argument declares; what neither gives is refused."""
    value = declared if given is None else given
    if value is None:
        hint = f"Give --{name.replace('_', '-')} or write {name} in the argument's run: block."
        raise ArgumentError(Fault(name, "must be given: there is no default", hint=hint))
    return value
