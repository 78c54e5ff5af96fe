"""The use case `evidence`: every row of the protocol on other rivalries, from files or from the table that ships."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.evidence_blocks import EvidenceRow
from detente.base.errors import ArgumentError, Fault
from detente.base.given import path_given, texts_given
from detente.base.input_limits import LIMITS, Limits
from detente.base.progress import Progress
from detente.base.random import Stream, generator
from detente.base.store import Cache, Store, key_of, store_of
from detente.base.tables import Tables, heading, table_of
from detente.events.ontology.states import pair_given, pair_of
from detente.lab.arguments import argument_of
from detente.model.elsewhere import evidence_table
from detente.studies.evidence.analyse import analyse
from detente.studies.evidence.protocol import FIRST_HASH, HASH, EvidenceProtocol, protocol
from detente.studies.evidence.rates import reference_rates
from detente.studies.evidence.sources import SOURCES, Files, read_sources
from detente.studies.evidence.world import ALL_LISTS, States, states_of, with_lists

_COLUMNS: dict[str, type] = {
    "id": str,
    "verdict": str,
    "scale": str,
    **dict.fromkeys(("effect", "low", "high", "sd", "p_for", "p_against", "leads_p", "power", "mde"), float),
    **dict.fromkeys(("n_episodes", "n_controls", "n_rivalries"), int),
    "text": str,
}


@dataclass(frozen=True)
class Evidence(Tables):
    """What other rivalries say of each row; `value` holds it as plain values.

    Attributes
    ----------
    value : dict
        ``rows``, ``rates``, ``protocol`` and what they were made from.
    shipped : bool
        Whether it is the table that comes with the program.
    inputs : tuple of Path
        The files it was made from, which no output is written over.
    """

    value: dict[str, Any]
    shipped: bool
    inputs: tuple[Path, ...] = ()
    tables = ("rows", "rivalries")

    @property
    def of_this_code(self) -> bool:
        """Whether the study's code is still the one that made it."""
        return bool(self.value["code"] == study_digest())

    def _about(self) -> str:
        return heading("other rivalries", rows=len(self.value["rows"]))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "rows":
            return table_of(_COLUMNS, self.value["rows"])
        rows = (
            {"id": row["id"], "one": pair["pair"][0], "other": pair["pair"][1], **pair}
            for row in self.value["rows"]
            if row.get("pooled")
            for pair in row["pooled"]["pairs"]
        )
        columns = {
            "id": str,
            "one": int,
            "other": int,
            "episodes": int,
            "effect": float,
            "low": float,
            "high": float,
        }
        return table_of(columns, rows)

    def row(self, name: str) -> dict[str, Any]:
        """Return a row's results.

        Raises
        ------
        ArgumentError
            If there is none of this name.
        """
        for row in self.value["rows"]:
            if row["id"] == name:
                return dict(row)
        raise _no_row(name, tuple(row["id"] for row in self.value["rows"]))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return dict(self.value)


def evidence(
    argument: str | Path | None = None,
    *,
    data: str | Path | None = None,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    permutations: int | None = None,
    seed: int | None = None,
    limits: Limits = LIMITS,
    cache: Cache = True,
    progress: Progress | None = None,
) -> Evidence:
    """Test claims on other rivalries.

    Parameters
    ----------
    argument : str or path, optional
        An argument whose own rows are tested by the same rules; its principals are held out.
    data : str or path, optional
        The folder of the source files. Without it the table that comes with the program is returned.
    only : sequence of str
        Ids of the rows; all if empty.
    without : sequence of str
        The pair to hold out, by ISO's three letters; that of the argument, or else of the protocol, if empty.
    permutations, seed : int, optional
        Those of the protocol if not given.
    limits : Limits, optional
    cache : bool, str or path
        Where rows are kept.
    progress : callable, optional
        Called with (row, permutations made, all).

    Raises
    ------
    DataError
        If a file is missing or is another, or the protocol is not the one that was fixed.
    ArgumentError
        If the argument cannot be loaded, a row is not known, or something is to be computed without data.

    Examples
    --------
    >>> evidence().row("M13")["scale"]
    'odds ratio'
    """
    rules = protocol()
    without = texts_given("without", without)
    own_rows: tuple[EvidenceRow, ...] = ()
    principals: tuple[str, ...] = ()
    inputs: tuple[Path, ...] = ()
    if argument is not None:
        loaded = argument_of(argument)
        own_rows, principals, inputs = loaded.other_rivalries, loaded.principals or (), loaded.files
    rows = _chosen((*rules.rows, *own_rows), texts_given("only", only))
    if data is None:
        own = {row.id for row in own_rows}
        if any(row.id in own for row in rows) or without or permutations is not None or seed is not None:
            raise ArgumentError(Fault("required", "data", hint="needs_data_files"))
        kept, names = evidence_table(), [row.id for row in rows]
        value = kept | {"rows": [row for row in kept["rows"] if row["id"] in names]}
        return Evidence(value, shipped=True, inputs=inputs)
    files = read_sources(path_given("data", data), limits)
    held_out = without or (principals if pair_of(principals) is not None else rules.held_out)
    draws = rules.permutations if permutations is None else permutations
    study = _Study(files, rules, held_out, draws, rules.seed if seed is None else seed, store_of(cache))
    return Evidence(study.value(rows, progress), shipped=False, inputs=(*inputs, *files.paths))


class _Study:
    """The files laid out once, and rows kept by what they were made from."""

    def __init__(
        self,
        files: Files,
        rules: EvidenceProtocol,
        held_out: tuple[str, ...],
        draws: int,
        seed: int,
        store: Store,
    ) -> None:
        self._files, self._rules, self._draws, self._seed, self._store = files, rules, draws, seed, store
        self._names, self._held_out = held_out, pair_given(held_out)
        self._states = states_of(files, rules, self._held_out)
        self._alone: dict[str, States] = {}

    def value(self, rows: Sequence[EvidenceRow], progress: Progress | None) -> dict[str, Any]:
        """Return all results as plain values."""
        rivals = self._states.rivals.years
        return {
            "protocol": {
                "sha256": HASH,
                "first_sha256": FIRST_HASH,
                "written": self._rules.written,
                "seen_before": list(self._rules.seen_before["rows"]),
                "amendments": [each.model_dump() for each in self._rules.amendments],
            },
            "code": study_digest(),
            "held_out": list(self._names),
            "seed": self._seed,
            "permutations": self._draws,
            "sources": [
                {"file": s.name, "key": s.key, "sha256": self._files.digests[s.name]} for s in SOURCES
            ],
            "rivalries": len(rivals),
            "rivalry_years": sum(map(len, rivals.values())),
            "rows": [self._row(row, progress) for row in rows],
            "no_data": [
                {"id": each.id, "verdict": "no data", "reason": each.reason} for each in self._rules.no_data
            ],
            "rates": reference_rates(
                self._files, self._states, self._rules, generator(self._seed, Stream.REFERENCE_RATES)
            ),
        }

    def _row(self, row: EvidenceRow, progress: Progress | None) -> dict[str, Any]:
        key = key_of(
            {
                "files": self._files.digest,
                "protocol": HASH,
                "row": row.model_dump(),
                "held_out": self._held_out,
                "draws": self._draws,
                "seed": self._seed,
            }
        )
        kept = self._store.value("evidence", key)
        if isinstance(kept, dict):
            return kept
        if not self._alone:
            self._alone = {
                name: with_lists(self._states, self._files, self._rules, (name,)) for name in ALL_LISTS
            }
        found = analyse(
            row,
            self._states,
            self._rules,
            draws=self._draws,
            noise=generator(self._seed, Stream.EVIDENCE, zlib.crc32(row.id.encode())),
            alone=self._alone,
            tell=None if progress is None else lambda done: progress(row.id, done, self._draws),
        )
        self._store.keep("evidence", key, found)
        return found


@cache
def study_digest() -> str:
    """Return the SHA-256 of the code of this study and of its protocol."""
    total = hashlib.sha256(HASH.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def _chosen(rows: Sequence[EvidenceRow], only: tuple[str, ...]) -> list[EvidenceRow]:
    known = {row.id: row for row in rows}
    for name in only:
        if name not in known:
            raise _no_row(name, tuple(known))
    return [known[name] for name in only] if only else list(rows)


def _no_row(name: str, known: tuple[str, ...]) -> ArgumentError:
    return ArgumentError(Fault("not_an_evidence_row", "row", got=name, hint="known", known=known))
