"""`detente schema`: the JSON Schema of argument files."""

from __future__ import annotations

import json

from detente.cli.output import write


def schema() -> None:
    """Print the JSON Schema of argument files."""
    from detente.lab.arguments import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False))
