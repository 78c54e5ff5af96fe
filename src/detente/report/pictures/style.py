"""What the pictures share: colours, words, data, axes of days, and the dress of a finished chart."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from detente.base.days import Window
from detente.events.ontology.classes import (
    FORCE,
    JOINT,
    MATERIAL_CONFLICT,
    MATERIAL_COOPERATION,
    PRESSURE,
    VERBAL_CONFLICT,
    VERBAL_COOPERATION,
)
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, language, ngettext
from detente.report.text.actors import legend
from detente.report.text.numbers import of_count

if TYPE_CHECKING:
    import altair as alt

    from detente.lab.case import Case
    from detente.lab.run_result import Run

# Okabe and Ito's colours, which readers with any common colour blindness tell apart.
COLOUR_OF: Mapping[str, str] = {
    VERBAL_COOPERATION: "#56B4E9",
    MATERIAL_COOPERATION: "#009E73",
    VERBAL_CONFLICT: "#E69F00",
    PRESSURE: "#CC79A7",
    FORCE: "#D55E00",
    MATERIAL_CONFLICT: "#D55E00",
    JOINT: "#0072B2",
}
INK, QUIET, LINE, GRID, PAPER, SHADE = "#222222", "#5f5f5f", "#999999", "#e4e4e4", "#ffffff", "#f4f1e8"
PRINCIPAL_COLOURS = ("#1b3a6b", "#8c4a00")  # dark enough for lines and for their labels
NARROW_WRAP = 66  # characters on a line of a picture for a telephone
LONGEST = 60  # characters of a name that a picture shows


def span_text(days: float) -> str:
    """Write a half-life: in years if it is one or more, else in days.

    Examples
    --------
    >>> span_text(14.0), span_text(365), span_text(7305)
    ('14 days', '1 year', '20 years')
    """
    years = round(days / 365.25, 1)
    if years < 1:
        return _("{n} days").format(n=f"{days:g}")
    return ngettext("{n} year", "{n} years", years).format(n=f"{years:g}")


def plural(count: int, noun: str) -> str:
    """Write a number with its word.

    Examples
    --------
    >>> plural(1, "act"), plural(2000, "act")
    ('1 act', '2,000 acts')
    """
    return of_count(count, noun)


def short(text: str) -> str:
    r"""Return a name as a picture shows it: one line, printable, and not too long.

    Examples
    --------
    >>> short("USA  and\x00\nfriends")
    'USA and friends'
    """
    line = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def data(rows: Iterable[Mapping[str, Any]]) -> alt.Data:
    """Return rows as inline data: dates become ISO days (read as UTC), numbers keep six digits."""
    import altair as alt

    rows = list(rows)
    if not rows:
        return alt.Data(values=[])
    # As text: altair copies and checks rows one by one, which took ten seconds for one picture.
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([f"{v:.6g}" if isinstance(v, float) else v for v in row.values()] for row in rows)
    parse = {name: _parse_as(value) for name, value in rows[0].items()}
    return alt.Data(values=text.getvalue(), format=alt.CsvDataFormat(type="csv", parse=parse))


def _parse_as(value: object) -> str:
    if isinstance(value, date):
        # Of a bare ISO day "date" makes midnight UTC. An explicit "utc:..." is applied twice where layers share data.
        return "date"
    return "string" if isinstance(value, str) else "number"


def days_axis(field: str, window: Window, **axis: Any) -> alt.X:
    """Return the x channel of a field of days, on a UTC scale over a window.

    Vega else reads and draws days in the zone of the machine: in Los Angeles the 3rd would be drawn as the 2nd.
    """
    import altair as alt

    domain = [
        alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in (window.start, window.end)
    ]
    scale = alt.Scale(type="utc", domain=domain, nice=False)
    return alt.X(f"{field}:T", scale=scale, axis=alt.Axis(title=None, labelFlush=False, **axis))


def day_ticks(window: Window, most: int) -> dict[str, Any]:
    """Return axis settings that name weeks, months or years of a window, so few that their names stay apart."""
    import altair as alt

    def settings(interval: Literal["week", "month", "year"], step: int, label: str) -> dict[str, Any]:
        return {"tickCount": alt.TimeIntervalStep(interval=interval, step=step), "labelExpr": label}

    if window.days <= 7 * 2 * most:
        # d3's patterns: Vega writes no months but the English, so other languages number them.
        pattern = _("%-d %b")
        return settings("week", -(-window.days // (7 * most)), f"utcFormat(datum.value, '{pattern}')")
    for step in (1, 2, 3):
        if window.days / 30.4 / step <= most:
            first = "datum.index == 0 || utcmonth(datum.value) == 0"
            year, month = _("%b %Y"), _("%b")
            pattern = f"{first} ? '{year}' : '{month}'"
            return settings("month", step, f"utcFormat(datum.value, {pattern})")
    step = next((step for step in (1, 2, 5, 10, 20) if window.days / 365.25 / step <= most), 50)
    return settings("year", step, "utcFormat(datum.value, '%Y')")


def subtitle(run: Run) -> str:
    """Say what a picture rests on: rivalry, argument, as_of, acts, futures, seed and version."""
    result = run.to_dict()
    futures = result["futures"]
    return " · ".join(
        [
            of_argument(result["rivalry"], result["argument"]),
            _("as of {day}").format(day=day_text(run.as_of)),
            _("{acts} known in channels").format(acts=plural(result["fit"]["acts_in_channels"], "act")),
            from_seed(futures["count"], futures["seed"]),
            f"detente {result['version']}",
        ]
    )


def of_argument(rivalry: str, argument: str) -> str:
    """Say in the line below a title which argument about which rivalry a picture is of."""
    return _("{rivalry}, argument {argument}").format(rivalry=short(rivalry), argument=short(argument))


def from_seed(futures: int, seed: int) -> str:
    """Say in the line below a title on how many futures a picture rests."""
    return _("{futures}, seed {seed}").format(futures=plural(futures, "future"), seed=seed)


def wrapped_lines(text: str, width: int, **how: Any) -> list[str]:
    """Break a text into lines of at most `width` letters; one of Chinese is as wide as two, and needs no space.

    Examples
    --------
    >>> wrapped_lines("one two three", 8), wrapped_lines("一二三四五，六", 8)
    (['one two', 'three'], ['一二三四', '五，六'])
    """
    if not language().space or any(_wide(letter) for letter in text):
        return _wrapped_wide(text, width)
    return textwrap.wrap(text, width, **how)


def width_of(text: str) -> int:
    """Return how wide a text is in letters, of which one of Chinese is as wide as two.

    Examples
    --------
    >>> width_of("force"), width_of("武力")
    (5, 4)
    """
    return sum(2 if _wide(letter) else 1 for letter in text)


def _wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\uffef"


def _wrapped_wide(text: str, width: int) -> list[str]:
    """Break between any two letters of Chinese, but before no stop, and between words of other scripts."""
    lines, line, used = [], "", 0
    for piece in re.findall(r"[\u2e80-\uffef][，。；：、）》」”！？％…]*|[^\u2e80-\uffef\s]+|\s+", text):
        size = width_of(piece)
        if used + size > width and line.strip():
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + piece, used + size
    return [*lines, line.strip()] if line.strip() else lines


def principals_line(case: Case) -> list[str]:
    """Return the line that names the principals beside their codes; none where no code has a name."""
    line = legend(case, case.argument.principals or ())
    return [line] if line else []


def dress(of: Run | str, title: str, *more: str, says: str, wrap: int | None = None) -> dict[str, Any]:
    """Return title, subtitle, description (what the picture says, in a sentence) and type, as a chart's properties.

    What the picture rests on is told of a run, or given as a line of text. A narrow picture wraps its lines.
    """
    import altair as alt

    below = [*more, of] if isinstance(of, str) else [*more, *principals_line(of.case), subtitle(of)]
    if wrap is not None:
        below = [line for text in below for line in wrapped_lines(text, wrap)]
    return {
        "title": alt.TitleParams(
            title if wrap is None else wrapped_lines(title, wrap * 2 // 3),
            subtitle=below,
            anchor="start",
            frame="bounds",
            fontSize=17,
            subtitleFontSize=11.5,
            subtitleColor=QUIET,
            subtitleLineHeight=16,
            subtitlePadding=6,
            offset=14,
        ),
        "description": says,
        "background": PAPER,
        "padding": 12,
        "config": alt.Config(
            font="sans-serif",
            aria=False,
            view=alt.ViewConfig(stroke=None),
            title=alt.TitleConfig(
                fontSize=12, fontWeight="bold", color=INK, anchor="start", frame="group", offset=6
            ),
            axis=alt.AxisConfig(
                labelColor=QUIET,
                titleColor=QUIET,
                labelFontSize=10.5,
                titleFontSize=11,
                titleFontWeight="normal",
                gridColor=GRID,
                domainColor=LINE,
                tickColor=LINE,
            ),
        ),
    }
