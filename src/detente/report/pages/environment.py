"""The template environment of all pages, and how numbers are printed on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.report.languages.faults import fault_text, noun
from detente.report.languages.formats import day_text, listed, window_text
from detente.report.languages.language import (
    ENDS,
    ENGLISH,
    GIVEN,
    ORIGINAL,
    _,
    language,
    mechanism_word,
    ngettext,
    own,
    own_name,
    pgettext,
    sentences,
    word,
)
from detente.report.languages.marks import with_languages
from detente.report.pictures.style import plural, span_text
from detente.report.text.actors import act_line, act_text, channel_text
from detente.report.text.answers.amounts import amount, earlier
from detente.report.text.answers.mover import mover_text
from detente.report.text.answers.past import left_out_text
from detente.report.text.clocks import clock_name
from detente.report.text.numbers import (
    commas,
    counted,
    part,
    percent,
    portion,
    share,
    to,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


_AS_IT_IS = re.compile(r"(<textarea\b.*?</textarea>|<input\b[^>]*>)", re.DOTALL)
_AFTER_STOP = re.compile(r"(?<=[。；，：！？])\s+(?=[^\s<])")
_HAN = "\u3400-\u9fff"
_ASIDE = re.compile(rf" ?\((?=[^()<>]*[{_HAN}])([^()<>]*)\)|(?<=[{_HAN}]) ?\(([^()<>]+)\)")
_COLON = re.compile(rf"(?<=[{_HAN}）”」]): ?(?=\S)|(?<=\w): ?(?=[{_HAN}（“「])")
_CODE = re.compile(f"`[{ORIGINAL}{GIVEN}]?([^`<{ENDS}]+){ENDS}?`")
_PROSE = re.compile(
    r"(?:<(script|style|code|pre|title|option|svg|textarea)\b.*?</\1>|<[^>]*>)|([^<]+)", re.DOTALL
)
_TEXT = re.compile(r"(?:<(script|style|code)\b.*?</\1>|<[^>]*>)|([^<]+)", re.DOTALL)


def number(value: float) -> str:
    """Write a count or a mean with as many digits as it deserves.

    Examples
    --------
    >>> number(5), number(4.5045), number(1016), number(32.156)
    ('5', '4.5', '1,016', '32')
    """
    if float(value).is_integer() or abs(value) >= 20:
        return f"{value:,.0f}"
    return f"{value:,.1f}"


def without_minus_zero(form: str, *values: float) -> str:
    """Fill a template's ``"%.2f"|format(x)``; what rounds to zero has no minus.

    Examples
    --------
    >>> without_minus_zero("%.2f ± %.1f", -0.001, 0.2), without_minus_zero("%+.1f", -0.04)
    ('0.00 ± 0.2', '+0.0')
    """
    return re.sub(r"-(?=0(\.0*)?(?![\d.]))", "+" if "+" in form else "", form % values)


@cache
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a name that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    # Each call asks for the language of the page, so that one environment writes them all.
    made.install_gettext_callables(_, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    made.globals |= {"said": act_html, "comma": comma, "language": language}
    made.globals |= {"sentences": sentences, "window_text": window_text}
    made.filters |= {
        "amount": amount,
        "channel": channel_text,
        "clock": clock_name,
        "commas": commas,
        "counted": counted,
        "earlier": earlier,
        "left_out": left_out_text,
        "last_day": lambda text: (date.fromisoformat(text) - timedelta(days=1)).isoformat(),
        "window": lambda start, end: window_text(date.fromisoformat(start), date.fromisoformat(end)),
        "day": lambda text: day_text(date.fromisoformat(text)),
        "mechanism": mechanism_word,
        "mover": lambda name: mover_text(name)[0].upper() + mover_text(name)[1:],
        "format": without_minus_zero,
        "fault": fault_text,
        "listed": listed,
        "noun": noun,
        "number": number,
        "own": own,
        "own_name": own_name,
        "percent": percent,
        "plural": plural,
        "part": part,
        "portion": portion,
        "share": share,
        "span": span_text,
        "to": to,
        "word": pass_context(lambda context, text: word(text)),  # a constant is else translated once for all
    }
    return made


def page_of(template: str, svgs: Mapping[str, str], **values: Any) -> str:
    """Return a page as HTML that needs no network.

    Parameters
    ----------
    template : str
        The file in `report/templates`.
    svgs : mapping of str to str
        The pictures by name, as `render` wrote them: put into the page as they are, and the only part that is trusted.
    **values
        What else the template reads.
    """
    from markupsafe import Markup

    trusted = {name: Markup(svg) for name, svg in svgs.items()}  # noqa: S704 - written and escaped by `render`
    return finished(environment().get_template(template).render(svgs=trusted, **values))


def finished(page: str) -> str:
    """Return a rendered page with its languages named and sentences set; what a reader types stays as it is.

    Examples
    --------
    >>> finished("<p>A. B `x: 1`</p>")
    '<p>A. B <code>x: 1</code></p>'
    """
    parts = _AS_IT_IS.split(page)
    parts[::2] = (_set(part) for part in parts[::2])
    return "".join(parts)


def _set(part: str) -> str:
    said = with_languages(_PROSE.sub(lambda found: _with_code(found[2]) if found[2] else found[0], part))
    if language().space:
        return said
    # A line break of a template between two sentences is a space in English alone, and so are stops of half a width.
    return _AFTER_STOP.sub("", _TEXT.sub(lambda found: _wide(found[2]) if found[2] else found[0], said))


def _with_code(text: str) -> str:
    """Return a text with what stands between backticks as code, which is in no language of people."""
    return _CODE.sub(r"<code>\1</code>", text)


def _wide(text: str) -> str:
    """Return a text with the colons and brackets around words of Chinese as these are printed."""
    return _COLON.sub("：", _ASIDE.sub(lambda found: f"（{found[1] or found[2]}）", text))


def comma(loop: Any) -> str:
    """Return what follows a name of a list that a template writes; nothing after the last."""
    return "" if loop.last else pgettext("between words", ", ")


def act_html(act: Mapping[str, Any], say: Callable[[str], str]) -> Markup:
    """Return an act for a page: its codes, then in English its summary and source; else these are *original text*.

    Parameters
    ----------
    act : mapping
        Plain values, as `to_dict` gives them.
    say : callable
        Writes an actor's name.

    Examples
    --------
    >>> act_html({"action": "ASSAULT", "summary": "A drone strike", "citation": "AP"}, str)
    Markup('ASSAULT: A drone strike <span class="quiet">[AP]</span>')
    """
    from markupsafe import Markup

    summary, citation = act.get("summary"), act.get("citation")
    source = Markup(' <span class="quiet">[{}]</span>').format(citation) if citation else Markup()
    if language() is ENGLISH:
        return Markup("{}{}").format(act_line(act, say), source)
    shown = act_text(act, say)
    if not summary and not citation:
        return Markup("{}").format(shown)
    original = Markup('<details class="original"><summary>{}</summary><span lang="en">{}{}</span></details>')
    return Markup("{}{}").format(shown, original.format(_("original text"), summary or "", source))
