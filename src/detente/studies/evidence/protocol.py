"""The protocol of the event study: read from its file, and refused unless it is the one that was fixed."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import Field

from detente.argument.evidence_blocks import EvidenceRow
from detente.argument.fields import Name, Spec, Text
from detente.base.errors import DataError, Fault

FIRST_HASH = "34eb2a85cd77ac5420d784ca1bba2605222395ceb8448f76e3e901fa2707f7b8"
"""SHA-256 of the protocol as committed before any outcome was joined."""
HASH = "9b1e6f9357163ca868503d6b85f93c6ab03ab89432841710856953af7713f901"
"""SHA-256 of the protocol with its amendments."""


class _Spans(Spec):
    pairs: tuple[int, int]
    crises: tuple[int, int]
    sanctions: tuple[int, int]


class _Windows(Spec):
    months: tuple[tuple[int, int], ...]
    years: tuple[tuple[int, int], ...]


class _Lacking(Spec):
    id: Name
    reason: Text


class _Step(Spec):
    word: Text
    if_: Text = Field(alias="if")


class _Order(Spec):
    order: tuple[_Step, ...]


class Amendment(Spec):
    """A departure from the first protocol: when, what, why, and what had been seen by then."""

    date: Text
    change: Text
    because: Text
    seen: Text


class EvidenceProtocol(Spec):
    """What is compared with what; see ``data/evidence/protocol.yaml``."""

    version: Literal[1]
    written: Text
    seen_before: dict[str, Any]
    held_out: tuple[str, str]
    seed: int
    permutations: int
    span: _Spans
    rules: dict[str, Any]
    verdict: _Order
    rows: tuple[EvidenceRow, ...]
    no_data: tuple[_Lacking, ...]
    lags: _Windows
    leads: _Windows
    reference_rates: dict[str, Text]
    amendments: tuple[Amendment, ...]


@cache
def protocol() -> EvidenceProtocol:
    """Return the protocol that comes with the program.

    Raises
    ------
    DataError
        If its file is not the one whose hash stands in this file.

    Examples
    --------
    >>> [row.id for row in protocol().rows if row.e_value]
    ['M10', 'T2', 'R1', 'M13', 'M13 all']
    """
    return read_protocol((resources.files("detente") / "data" / "evidence" / "protocol.yaml").read_bytes())


def read_protocol(content: bytes) -> EvidenceProtocol:
    """Return a protocol from the bytes of its file.

    Raises
    ------
    DataError
        If its hash is another.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != HASH:
        raise DataError(
            Fault("other_protocol", "protocol.yaml", got=found, hint="restore_protocol", hash=HASH)
        )
    return EvidenceProtocol.model_validate(_tuples(yaml.load(content, Loader=_Plain)))  # noqa: S506 - a safe loader


class _Plain(yaml.SafeLoader):
    """Reads days as text."""


_Plain.yaml_implicit_resolvers = {
    letter: [(tag, rule) for tag, rule in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _tuples(value: Any) -> Any:
    """Return lists as tuples, which strict models take."""
    if isinstance(value, dict):
        return {str(name): _tuples(part) for name, part in value.items()}
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
