"""Tokens and passwords: from the environment or from a file that nobody else may read, and never shown."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from detente.base.errors import ArgumentError, Fault

PREFIX = "DETENTE_"
"""What the names of secrets begin with in the environment."""

SECRET_NAMES = frozenset(("key", "api_key", "token", "access_token", "password", "email", "username"))
"""Parameters by which interfaces ask, or asked, for secrets."""

_ELSEWHERE = stat.S_IRWXG | stat.S_IRWXO
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class Secrets:
    """Secrets by name; neither `repr` nor `str` shows a value.

    Attributes
    ----------
    values : mapping of str to str

    Examples
    --------
    >>> secrets = Secrets({"UCDP_TOKEN": "hidden"})
    >>> secrets, secrets.get("UCDP_TOKEN") is None
    (Secrets(), False)
    """

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str | None) -> str | None:
        """Return a secret, or None if it is not known or empty."""
        return (self.values.get(name) or None) if name is not None else None

    def hidden(self, text: str, more: Iterable[str] = ()) -> str:
        """Return a text of someone else without any secret in it.

        Examples
        --------
        >>> Secrets({"TOKEN": "abcd"}).hidden("no user has the token abcd")
        'no user has the token ***'
        """
        values = {form for value in (*self.values.values(), *more) for form in _forms(value)}
        for value in sorted(values, key=len, reverse=True):
            text = text.replace(value, "***") if value else text
        return text


def _forms(value: str) -> set[str]:
    """Return a secret as a server or a library may repeat it: in an address, in a form, in JSON, with escapes."""
    plain = {value, value.strip()}
    return plain | {
        form
        for each in plain
        for form in (
            quote(each),
            quote(each, safe=""),
            quote_plus(each),
            json.dumps(each)[1:-1],
            repr(each)[1:-1],
        )
    }


def read_secrets(file: Path | None, environment: Mapping[str, str] | None = None) -> Secrets:
    """Read secrets from the environment, and those it lacks from a file.

    Parameters
    ----------
    file : path or None
        Lines such as ``UCDP_TOKEN = "…"`` (TOML), readable by its owner alone; None for none.
    environment : mapping, optional
        That of the process if not given; there names begin with ``DETENTE_``.

    Raises
    ------
    ArgumentError
        If the file does not exist, others may read it, or it does not hold such lines.
    """
    given = os.environ if environment is None else environment
    found = _in_file(file) if file is not None else {}
    found |= {name.removeprefix(PREFIX): given[name] for name in given if name.startswith(PREFIX)}
    return Secrets(found)


def _in_file(file: Path) -> dict[str, str]:
    where = str(file)
    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if os.name != "nt" and mode & _ELSEWHERE:
                got = f"{stat.S_IMODE(mode):o}"
                raise ArgumentError(
                    Fault("not_private", "secrets", got=got, where=where, hint="chmod", file=where)
                )
            content = stream.read(_MOST_BYTES)
        lines = tomllib.loads(content.decode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise ArgumentError(Fault("unreadable", "secrets", where=where, reason=reason)) from None
    except ValueError:  # nothing of its content is repeated
        fault = Fault("not_assignments", "secrets", where=where, hint="try", example='UCDP_TOKEN = "..."')
        raise ArgumentError(fault) from None
    return {name.removeprefix(PREFIX): value for name, value in lines.items() if isinstance(value, str)}
