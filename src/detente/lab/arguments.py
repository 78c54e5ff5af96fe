"""Loading an argument: read the file, then run every check on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.argument.argument import Argument
from detente.argument.load import _found, parse_argument
from detente.model.mechanisms import registry


def load_argument(name: str | Path, rivalry: str | None = None) -> Argument:
    """Load an argument by name (``essay`` of ``us-iran``, ``baseline``) or from a YAML file.

    Raises
    ------
    ArgumentError
        With one fault per problem: what, the constraint, what was got, ``file:line`` and what to try.

    Examples
    --------
    >>> load_argument("essay", "us-iran").principals
    ('USA', 'IRN')
    """
    return parse_argument(_found(name, rivalry))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of argument files, mechanisms and their terms included."""
    schema = Argument.model_json_schema(by_alias=True)
    mechanisms = schema["properties"]["mechanisms"]
    mechanisms.pop("additionalProperties", None)
    mechanisms["additionalProperties"] = False
    mechanisms["properties"] = {}
    for key, mechanism in registry().items():
        terms = {
            term.name: {"$ref": "#/$defs/PriorSpec", "description": term.says} for term in mechanism.terms
        }
        mechanisms["properties"][key] = {
            "description": mechanism.says,
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "terms": {"type": "object", "additionalProperties": False, "properties": terms},
                "settings": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        s: {"type": "number", "default": v} for s, v in mechanism.settings.items()
                    },
                },
                "without": {"type": "array", "items": {"enum": [term.name for term in mechanism.terms]}},
            },
        }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Détente argument"
    return schema
