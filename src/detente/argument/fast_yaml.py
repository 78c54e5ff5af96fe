"""YAML 1.2 composed by libyaml, fifteen times as fast as in Python; what it cannot vouch for is left to the other."""

from __future__ import annotations

from typing import Any

import yaml
from ruamel.yaml.resolver import implicit_resolvers
from yaml.resolver import BaseResolver

_OLD_BREAKS = "\x85", "\u2028", "\u2029"  # libyaml breaks lines there as YAML 1.1 does
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
        None if there is no libyaml, or if the text is empty, faulty, too deep, has too many aliases or breaks of lines
        that YAML 1.2 does not know: the caller parses it again in Python and says what is wrong.
    """
    if not yaml.__with_libyaml__ or any(character in text for character in _OLD_BREAKS):
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

    for _versions, _tag, _pattern, _first in implicit_resolvers:
        if (1, 2) in _versions:
            _Loader.add_implicit_resolver(_tag, _pattern, _first)
