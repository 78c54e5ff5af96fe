"""Whether the machine has a font with the letters of a language, without which a PNG shows boxes."""

from __future__ import annotations

from functools import cache

from detente.report.languages.language import ENGLISH

_SAMPLES = {"zh-Hans": "国问", "zh-Hant": "國問"}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><text y="24" font-size="24">{}</text></svg>'


@cache
def letters_missing(tag: str) -> bool:
    """Return whether two letters of a language look the same when drawn here, as boxes and gaps do.

    Examples
    --------
    >>> letters_missing("en")
    False
    """
    if tag == ENGLISH.tag:
        return False
    import vl_convert as vlc

    one, other = (vlc.svg_to_png(_SVG.format(letter)) for letter in _SAMPLES[tag])
    return bool(one == other)
