"""YAML 1.2 composed by libyaml, fifteen times as fast as in Python; what it cannot vouch for is left to the other."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.resolver import BaseResolver

_READ_OTHERWISE = (
    "\x85",
    "\u2028",
    "\u2029",
    "\t",
)  # libyaml breaks lines at the first three, and is laxer with tabs
_SCALARS = {
    "bool": ("true|True|TRUE|false|False|FALSE", "tTfF"),
    "float": (
        (
            r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
            r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
        "-+0123456789.",
    ),
    "int": ("[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+", "-+0123456789"),
    "merge": ("<<", "<"),
    "null": ("~|null|Null|NULL|", "~nN\0"),
    "timestamp": (
        (
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
        ),
        "0123456789",
    ),
    "value": ("=", "="),
    "yaml": ("[!&*]", "!&*"),
}
"""Words that are no text in YAML 1.2: how each kind is written, and the characters it may begin with (\\0: none)."""
_DEEPEST = 50  # libyaml's composer calls itself, and a stack has an end


def compose_fast(text: str, aliases: int) -> Any | None:
    """Compose the nodes of a text.

    Parameters
    ----------
    text : str
    aliases : int
        How many it may hold.

    Returns
    -------
    yaml.Node or None
        None if there is no libyaml, or if the text is empty, faulty, too deep, has too many aliases, tabs or breaks of
        lines that YAML 1.2 does not know: the caller parses it again in Python and says what is wrong.
    """
    if not yaml.__with_libyaml__ or any(character in text for character in _READ_OTHERWISE):
        return None
    depth = found = 0
    try:
        events = _Loader(text)
        while events.check_event():
            event = events.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            found += isinstance(event, yaml.AliasEvent)
            if depth > _DEEPEST or found > aliases:
                return None
        return _Loader(text).get_single_node()
    except (yaml.YAMLError, ValueError):
        return None


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _Loader(CParser, BaseResolver):
        """libyaml's parser with the scalars of YAML 1.2, where *no* is a word and 010 is ten."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            BaseResolver.__init__(self)

    for _kind, (_written, _first) in _SCALARS.items():
        _pattern = re.compile(rf"(?:{_written})\Z")
        _Loader.add_implicit_resolver(
            f"tag:yaml.org,2002:{_kind}", _pattern, ["" if c == "\0" else c for c in _first]
        )
