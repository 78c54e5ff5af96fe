"""What `detente exercise` prints."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import Any

_COLUMNS = ("date", "kind", "source", "target", "action", "mode", "issue", "deaths", "played", "words")


class Format(StrEnum):
    """How injects are written."""

    MD = "md"
    CSV = "csv"
    JSON = "json"


def _text(value: dict[str, Any], form: Format) -> str:
    if form is Format.JSON:
        return json.dumps(value, indent=2, ensure_ascii=False)
    if form is Format.CSV:
        out = io.StringIO()
        rows = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(value["injects"])
        return out.getvalue().rstrip("\n")
    head = (
        f"Future {value['future']} of {value['futures']:,} from seed {value['seed']}, {value['days']:,} days as of "
        f"{value['as_of']}; argument {value['argument']}, data {value['digest'][:12]}, detente {value['version']}."
    )
    lines = [f"# {value['rivalry']}: a {value['pick']} future", "", head, "", f"Rule: {value['rule']}."]
    if value["pick"] == "worst":
        lines += [
            "",
            "It lies far out in the tail of deaths, which few recorded tolls hold down: read its toll as very many.",
        ]
    if value["held"]:
        lines += [
            "",
            f"From {value['held_from']} {value['held']} acts by its players alone, joint acts apart.",
        ]
    day = None
    for inject in value["injects"]:
        if inject["date"] != day:
            day = inject["date"]
            lines += ["", f"## {day}", ""]
        words = f"*{inject['words']}*" if inject["kind"] == "phase" else inject["words"]
        lines.append(f"- {'**Player:** ' if inject['played'] else ''}{words}")
    return "\n".join(lines)
