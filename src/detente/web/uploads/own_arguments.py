"""An argument that a visitor wrote: it is read and checked as a file is, but it may name no file of this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.argument.argument import Argument
from detente.argument.load import argument_names, parse_argument
from detente.argument.world_prior import shipped
from detente.argument.yaml_lines import Places, parse_yaml
from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.files.embedded import embedded_rivalries
from detente.lab.arguments import checked

NAME = "argument.yaml"
"""What messages call its file."""
UPLOADED: Limits = replace(
    LIMITS, file=1_000_000_000, table=1 << 28, yaml=1_000_000, values=50_000, aliases=50
)
"""How much an upload may hold, and unpack to: less than a file of the user's own."""


def own_argument(text: str) -> Argument:
    """Read and check an argument that a visitor wrote.

    Parameters
    ----------
    text : str
        YAML.

    Raises
    ------
    ArgumentError
        With every fault of the first kind found: too large or no YAML; files that it names; types; the checks of
        `detente.lab.arguments`. Each with its line.

    Examples
    --------
    >>> own_argument("{argument: a, title: A, mechanisms: {momentum: {}}}").title
    'A'
    >>> own_argument("{argument: a, title: A, extends: /etc/secret.yaml}")
    Traceback (most recent call last):
    detente.base.errors.ArgumentError: extends must not name a file here, got /etc/secret.yaml (argument.yaml:1). ...
    """
    if len(text.encode()) > UPLOADED.yaml:
        raise ArgumentError(
            Fault("too_many_bytes", "argument", hint="raise_limit", most=UPLOADED.yaml, limit="yaml")
        )
    value, places = parse_yaml(text, NAME, UPLOADED)
    if isinstance(value, dict):
        refuse_files(value, places)
    return checked(parse_argument(text, NAME, Path("/nowhere"), UPLOADED), UPLOADED)


def refuse_files(value: dict[Any, Any], places: Places) -> None:
    """Refuse an argument that names a file, before anything that it names is looked for.

    Raises
    ------
    ArgumentError
    """
    rivalry = value.get("rivalry")
    rivalries = tuple(embedded_rivalries())
    known = rivalry if rivalry in rivalries else None
    allowed = {
        "rivalry": rivalries,
        "extends": argument_names(known),
        "world_prior": tuple(shipped()),
        "events": (),
    }
    faults = []
    for field, names in allowed.items():
        given = value.get(field)
        if given is None or (field == "world_prior" and isinstance(given, dict)) or given in names:
            continue
        faults.append(
            Fault(
                "names_a_file",
                field,
                got=given,
                where=places.nearest((field,)),
                **({"hint": "only_library", "known": names} if names else {"hint": "only_upload"}),
            )
        )
    if faults:
        raise ArgumentError(*faults)
