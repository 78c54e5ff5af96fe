"""YAML 1.2 composed in Python: slower than libyaml, and able to say what is wrong and where."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from detente.base.errors import ArgumentError, Fault
from detente.base.input_files import raised
from detente.base.input_limits import LIMITS, Limits

_REMEDIES = (
    ("'\\t'", "use_spaces"),
    ("mapping values", "quote_colon"),
    ("',' or", "close_brackets"),
    ("block", "indent_alike"),
)


def compose_slow(text: str, name: str, limits: Limits = LIMITS) -> Any:
    """Compose the nodes of a text, or say why that cannot be.

    Parameters
    ----------
    text, name : str
        The text, and the name of its file, for messages.
    limits : Limits
        How many aliases it may hold.

    Raises
    ------
    ArgumentError
        With the line, the problem and, where it is a usual one, the remedy.

    Examples
    --------
    >>> compose_slow("a: 1", "essay.yaml").id
    'mapping'
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Counted
    yaml.composer.limits = limits
    yaml.composer.warn_double_anchors = False  # YAML 1.2 allows it: the later anchor counts
    try:
        node = yaml.compose(text)
    except _AliasError as error:
        where, most = f"{name}:{error.line}", raised(limits, "aliases")
        raise ArgumentError(Fault("too_many_aliases", "YAML", where=where, **most)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = " ".join(str(error.problem or "cannot be parsed").split())
        hint = next((remedy for sign, remedy in _REMEDIES if sign in problem), None)
        raise ArgumentError(Fault("bad_yaml", "YAML", where=where, hint=hint, problem=problem)) from None
    except (YAMLError, ValueError, RecursionError, AttributeError) as error:
        problem = " ".join(str(error).split())[:120]
        raise ArgumentError(Fault("bad_yaml", "YAML", where=name, problem=problem)) from None
    if node is None:
        raise ArgumentError(Fault("empty", "argument file", where=name))
    return node


class _Counted(Composer):
    """Composes nodes, and stops at one alias too many: each may stand for all that its anchor holds."""

    aliases = 0
    limits = LIMITS

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            self.aliases += 1
            if self.aliases > self.limits.aliases:
                line = self.parser.peek_event().start_mark.line + 1
                raise _AliasError(line)
        return super().compose_node(parent, index)


class _AliasError(Exception):
    """There is an alias too many, on a line."""

    def __init__(self, line: int) -> None:
        self.line = line
