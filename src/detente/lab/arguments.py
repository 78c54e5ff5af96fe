"""Loading an argument: read the file, then run every check on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.argument.argument import Argument
from detente.argument.check import check_argument
from detente.argument.faults import Faults
from detente.argument.load import find_argument, parse_argument, read_argument
from detente.base.errors import ArgumentError, Fault
from detente.base.given import path_given
from detente.base.input_limits import LIMITS, Limits
from detente.events.files.embedded import embedded_rivalries
from detente.futures.levers.check import check_levers
from detente.model.check import check_mechanisms
from detente.model.elsewhere import with_evidence
from detente.model.mechanisms import mechanism_registry
from detente.model.rivalries import rivalries
from detente.questions.check import check_questions


def names_file(argument: str | Path) -> bool:
    """Return whether an argument is given by its YAML file, not by a name.

    Examples
    --------
    >>> names_file("mine.yaml"), names_file("essay")
    (True, False)
    """
    return path_given("argument", argument).suffix in (".yaml", ".yml")


def load_argument(name: str | Path, rivalry: str | None = None, limits: Limits = LIMITS) -> Argument:
    """Load an argument by name (``essay`` of ``us-iran``, ``baseline``) or from a YAML file within limits.

    Raises
    ------
    ArgumentError
        With one fault per problem: what, the constraint, what was got, ``file:line`` and what to try.

    Examples
    --------
    >>> load_argument("essay", "us-iran").principals
    ('USA', 'IRN')
    """
    return checked(read_argument(find_argument(name, rivalry), limits), limits)


def argument_of(subject: object) -> Argument:
    """Return an argument, loading it from its name, that of a rivalry or the path of its file if need be.

    Raises
    ------
    ArgumentError
        If it is none of them, or `load_argument` refuses it.

    Examples
    --------
    >>> argument_of("us-iran").argument, argument_of("panama-canal").principals
    ('essay', ('USA', 'PAN'))
    """
    if isinstance(subject, Argument):
        return subject
    if not isinstance(subject, str | Path):
        kind = type(subject).__name__
        raise ArgumentError(Fault("not_an_argument", "argument", got=kind, hint="give_argument"))
    return load_argument("essay", str(subject)) if subject in embedded_rivalries() else load_argument(subject)


def argument_from_text(text: str, name: str = "argument.yaml") -> Argument:
    """Read an argument from YAML text and check it as a file is checked.

    Parameters
    ----------
    text, name : str
        The text, and the name that messages give its file.

    Raises
    ------
    ArgumentError

    Examples
    --------
    >>> argument_from_text("{argument: a, title: A, mechanisms: {momentum: {}}}").title
    'A'
    """
    return checked(parse_argument(text, name))


def checked(argument: Argument, limits: Limits = LIMITS) -> Argument:
    """Return an argument in which no check finds a fault, with the priors of other rivalries if it asks for them.

    Raises
    ------
    ArgumentError
        With every fault of every check, each with its file and line.
    """
    faults = Faults(argument, limits)
    for check in (check_argument, check_mechanisms, check_questions):
        check(faults)
    if not faults.found:  # plans are read against the channels, which must be sound
        check_levers(faults)
    faults.raise_any()
    return with_evidence(argument)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of argument files, mechanisms and their terms included."""
    schema = Argument.model_json_schema(by_alias=True)
    prior = schema["$defs"]["MechanismSpec"]["properties"]["prior"]
    mechanisms = schema["properties"]["mechanisms"]
    mechanisms.pop("additionalProperties", None)
    mechanisms["additionalProperties"] = False
    mechanisms["properties"] = {}
    for key, mechanism in mechanism_registry().items():
        terms = {
            term.name: {"$ref": "#/$defs/PriorSpec", "description": term.says} for term in mechanism.terms
        }
        mechanisms["properties"][key] = {
            "description": mechanism.says,
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "terms": {"type": "object", "additionalProperties": False, "properties": terms},
                **({"prior": prior} if rivalries().knows(key) else {}),
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
