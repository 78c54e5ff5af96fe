"""How a language writes days, months and lists; Babel is loaded for languages other than English alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from detente.report.languages.language import ENGLISH, _, language


def day_text(day: date) -> str:
    """Write a day out.

    Examples
    --------
    >>> from detente.report.languages.language import in_language
    >>> day_text(date(2020, 1, 3))
    '3 January 2020'
    >>> with in_language("zh-Hant"):
    ...     day_text(date(2020, 1, 3))
    '2020年1月3日'
    """
    if language() is ENGLISH:
        return f"{day.day} {day:%B} {day.year}"
    from babel.dates import format_date

    return str(format_date(day, "long", locale=language().locale))


def window_text(start: date, end: date) -> str:
    """Write a half-open window as people read it: its first and its last day.

    Every window that a page shows goes through here or through `iso_window`, or is printed by `Window`.

    Examples
    --------
    >>> window_text(date(2020, 1, 3), date(2020, 2, 1)), window_text(date(2020, 1, 3), date(2020, 1, 4))
    ('3 January 2020 to 31 January 2020', '3 January 2020')
    """
    last = end - timedelta(days=1)
    if start == last:
        return day_text(start)
    return _("{low} to {high}").format(low=day_text(start), high=day_text(last))


def iso_window(start: str, end: str) -> str:
    """Write a half-open window, given as ISO days, by its first and its last day.

    Examples
    --------
    >>> iso_window("2020-01-03", "2020-02-01"), iso_window("2020-01-03", "2020-01-04")
    ('2020-01-03 to 2020-01-31', '2020-01-03')
    """
    last = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
    return start if start == last else _("{low} to {high}").format(low=start, high=last)


def listed(parts: Iterable[str]) -> str:
    """Join words as a list in a sentence.

    Examples
    --------
    >>> from detente.report.languages.language import in_language
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    >>> listed(map(str, (1, 2)))
    '1 and 2'
    >>> with in_language("zh-Hans"):
    ...     listed(["a", "b", "c"])
    'a、b和c'
    """
    parts = [*parts]  # a template may give what it has mapped
    if len(parts) < 2:
        return "".join(parts)
    if language() is ENGLISH:
        return f"{', '.join(parts[:-1])} and {parts[-1]}"
    from babel.lists import format_list

    return str(format_list(parts, locale=language().locale))


def either(parts: Iterable[str]) -> str:
    """Join words of which one is enough.

    Examples
    --------
    >>> either(["a"]), either(["a", "b"]), either(["a", "b", "c"])
    ('a', 'a or b', 'a, b or c')
    """
    parts = [*parts]
    if len(parts) < 2:
        return "".join(parts)
    if language() is ENGLISH:
        return f"{', '.join(parts[:-1])} or {parts[-1]}"
    from babel.lists import format_list

    return str(format_list(parts, style="or", locale=language().locale))
