"""Players' moves: reading them from text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.columns import COLUMNS
from detente.events.files.event_file import load_events
from detente.events.files.read_table import read_table
from detente.events.files.rows import TYPES
from detente.events.ontology.actions import action_names, intensity_of
from detente.events.ontology.classes import default_class, scheme_of
from detente.lab.case import Case
from detente.questions.tokens import Reader


def read_moves(path: Path, case: Case) -> pl.DataFrame:
    """Read players' acts from an event file; a file with a header alone holds none.

    Raises
    ------
    DataError
        As `load_events` does.
    """
    if not read_table(path, TYPES, case.limits).lines:
        return pl.DataFrame(schema=dict(COLUMNS))
    acts = load_events(path, codebook=case.chronicle.codebook, duplicates="keep", limits=case.limits)
    if acts.scheme != case.chronicle.scheme:
        raise DataError(Fault("other_classes", "moves", got=acts.codebook, where=path.name))
    return acts.events


def parse_move(text: str, day: date, case: Case) -> pl.DataFrame:
    """Read one act as a line: ``USA -> IRN SANCTION mode=oil issue=nuclear deaths=0``; ``<->`` for one of both.

    Raises
    ------
    QuestionError
        With the column, if the line cannot be read.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> act = parse_move(
    ...     "USA -> IRN ASSAULT mode=drone-strike deaths=2", date(2020, 2, 1), load_case("us-iran")
    ... )
    >>> act.select("class", "mode", "fatalities").row(0)
    ('force', 'drone-strike', 2)
    """
    reader, codebook = Reader(text, case.limits), case.chronicle.codebook
    source = reader.need("word", "expected_actor")
    mutual = reader.sign("->", "<->") == "<->"
    target = reader.need("word", "expected_actor")
    names = action_names(codebook)
    action = reader.take(*names) or reader.fail("expected_action", names)
    said: dict[str, Any] = {"mode": None, "issue": None, "fatalities": None}
    while reader.now.kind != "end":
        key = reader.take("mode", "issue", "deaths") or reader.fail(
            "expected_detail", ("mode", "issue", "deaths")
        )
        reader.sign("=")
        if key == "deaths":
            said["fatalities"] = reader.whole()
        else:
            said[key] = reader.need("word", "expected_word")
    known = codebook if codebook in ("detente", "plover") else "plover"
    cls = default_class(action, said["mode"], known)
    own = scheme_of(case.chronicle.scheme)
    if mutual and own.joint_class is not None:
        cls = own.joint_class
    row = said | {
        "date": day,
        "precision": "day",
        "source": source,
        "target": target,
        "action": action,
        "class": cls if cls in own.classes else scheme_of("detente").quad_of(cls),
        "intensity": intensity_of(action, said["mode"], known, cls),
        "mutual": mutual,
    }
    return pl.DataFrame([{name: row.get(name) for name in COLUMNS}], schema=dict(COLUMNS))
