"""How probabilities and differences are printed, by one rounding, and where a probability cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, TypeGuard

from detente.base.shares import too_unclear, yes_of
from detente.report.languages.language import _, for_later, given, ngettext, pgettext, word

if TYPE_CHECKING:
    from detente.lab.why import ProbabilitySpread

DIGITS = 3  # of a probability in a table of differences


def percent(share: float, digits: int = 0) -> str:
    """Write a share in percent; what rounds to none or to all without being so is written as a bound.

    Parameters
    ----------
    share : float
    digits : int
        Decimals of the percent; none and all have none.

    Examples
    --------
    >>> percent(0.4765), percent(0.9959), percent(0.0004), percent(1.0), percent(0.0), percent(-0.001)
    ('48 %', '> 99 %', '< 1 %', '100 %', '0 %', '0 %')
    >>> percent(0.4765, 1), percent(0.9999, 1), percent(1.0, 1)
    ('47.6 %', '> 99.9 %', '100 %')
    """
    least = 10.0**-digits
    if 0 < share < least / 200:
        return _("< {share} %").format(share=f"{least:.{digits}f}")
    if 1 - least / 200 <= share < 1:
        return _("> {share} %").format(share=f"{100 - least:.{digits}f}")
    return _("{share} %").format(share=f"{100 * share:z.{0 if share in (0, 1) else digits}f}")


def percent_beyond(share: float, *, above: bool) -> str:
    """Write the end of *above …* or *below …* in percent, with the digits it takes to be no bound of its own.

    It is rounded away from what is claimed, so that what is said holds.

    Examples
    --------
    >>> (
    ...     percent_beyond(0.91, above=True),
    ...     percent_beyond(0.9987, above=True),
    ...     percent_beyond(0.00096, above=False),
    ... )
    ('91 %', '99.8 %', '0.1 %')
    """
    for digits in range(0 if 0.01 <= share <= 0.99 else 1, 7):
        size = 10.0 ** (2 + digits)
        moved = floor(share * size) / size if above else ceil(share * size) / size
        if 0 < moved < 1:
            return percent(moved, digits)
    return percent(float(not above))


def part(share: float, digits: int = 0) -> str:
    """Write a share of things that were counted, such as windows, in percent: none and all are words.

    Examples
    --------
    >>> part(0.4765), part(0.0), part(1.0), part(0.0004)
    ('48 %', 'none', 'all', '< 1 %')
    """
    return portion(share) if share in (0, 1) else percent(share, digits)


def chance(probability: float) -> str:
    """Write a probability as whole percent; none is ever written as certain.

    Examples
    --------
    >>> chance(0.4765), chance(1.0), chance(0.0)
    ('48 %', '> 99 %', '< 1 %')
    """
    if probability in (0, 1):
        return percent(0.999 if probability else 0.001)
    return percent(probability)


def share(value: float, digits: int = DIGITS) -> str:
    """Write a probability with some digits, for a table that needs them; none is ever written as certain.

    Examples
    --------
    >>> share(0.4765), share(0.9999), share(0.0002), share(1.0), share(0.997, 2)
    ('0.476', '> 0.999', '< 0.001', '> 0.999', '> 0.99')
    """
    least = 10.0**-digits
    if value < least / 2:
        return f"< {least:.{digits}f}"
    if value >= 1 - least / 2:
        return f"> {1 - least:.{digits}f}"
    return f"{value:.{digits}f}"


def portion(value: float, digits: int = DIGITS) -> str:
    """Write a share of draws or futures that were counted: none and all are words, as no digit is certain.

    Examples
    --------
    >>> portion(0.4765), portion(0.0), portion(1.0), portion(0.9999)
    ('0.476', 'none', 'all', '> 0.999')
    """
    if value in (0, 1):
        return pgettext("share", "all") if value else pgettext("share", "none")
    return share(value, digits)


def of_count(count: int, what: str) -> str:
    """Return how many of something, its plural with an s.

    Examples
    --------
    >>> of_count(1, "pair"), of_count(2000, "pair")
    ('1 pair', '2,000 pairs')
    """
    return ngettext(f"{{n}} {what}", f"{{n}} {what}s", count).format(n=f"{count:,}")


def to(low: str, high: str) -> str:
    """Write two ends as an interval, or one number where both are written alike.

    Examples
    --------
    >>> to("0.1", "0.2")
    '0.1 to 0.2'
    >>> to("18 %", "18 %")
    '18 %'
    """
    if low == high:
        return low
    return _("{low} to {high}").format(low=low, high=high)


def spaced(code: str) -> str:
    """Write a mode or an issue as words; one of a user's own file stays in its own language.

    Examples
    --------
    >>> spaced("drone-strike")
    'drone strike'
    """
    found = word(code)
    return given(code.replace("-", " ")) if found == code else found


def phrases(*parts: str) -> str:
    """Join the phrases of one sentence.

    Examples
    --------
    >>> phrases("52 %", "higher than before")
    '52 %, higher than before'
    """
    return pgettext("between phrases", ", ").join(parts)


def commas(parts: Iterable[str]) -> str:
    """Join words, or what a file says, as a list without a last *and*.

    Examples
    --------
    >>> commas(["USA", "IRN"])
    'USA, IRN'
    """
    return pgettext("between words", ", ").join(given(part) for part in parts)


def capital(text: str) -> str:
    """Write a text as a sentence of its own: with a capital, where its script has them.

    Examples
    --------
    >>> capital("no act has a toll"), capital(""), capital("3 acts"), capital("没有")
    ('No act has a toll', '', '3 acts', '没有')
    """
    return text[:1].upper() + text[1:]


def clauses(parts: Iterable[str]) -> str:
    """Join the clauses of one sentence.

    Examples
    --------
    >>> clauses(["one holds", "another does not"])
    'one holds; another does not'
    """
    return pgettext("between clauses", "; ").join(parts)


def counted(probability: float, settled: int, unclear: int = 0) -> str:
    """Write a probability from futures: a share of none or all of them says how many there are.

    Where too many are `unclear` for the others to speak for them it is written as what it lies between.

    Examples
    --------
    >>> from detente.base.shares import share_of
    >>> (
    ...     counted(share_of(44, 200), 200),
    ...     counted(share_of(2000, 2000), 2000),
    ...     counted(share_of(0, 1), 1),
    ...     counted(1.0, 200),
    ... )
    ('22 %', 'all of 2,000 futures', 'none of 1 future', '100 %')
    >>> counted(share_of(363, 809), 809, 1191)
    '18 % to 78 %'
    """
    if probability not in (0, 1) and too_unclear(settled, unclear):
        yes, every = yes_of(probability, settled), settled + unclear
        return to(chance(yes / every), chance((yes + unclear) / every))
    if (all_ := one_sided(probability, settled)) is None:
        return percent(probability)
    said = (
        ngettext("all of {n} future", "all of {n} futures", settled)
        if all_
        else ngettext("none of {n} future", "none of {n} futures", settled)
    )
    return said.format(n=f"{settled:,}")


def certain_text(kind: str) -> str:
    """Return in words why an answer is 0 or 1.

    Examples
    --------
    >>> certain_text("cannot happen")
    'cannot happen: no chronicle could make it true'
    """
    return {
        "already settled": _("already settled by what is known by then"),
        "cannot happen": _("cannot happen: no chronicle could make it true"),
        "always true": _("always true: no chronicle could make it false"),
    }[kind]


def one_sided(probability: float, settled: int) -> bool | None:
    """Return whether a share is one of all futures, or of none; None of any other, and of a certain answer.

    Examples
    --------
    >>> from detente.base.shares import share_of
    >>> (
    ...     one_sided(share_of(0, 200), 200),
    ...     one_sided(share_of(1, 200), 200),
    ...     one_sided(share_of(200, 200), 200),
    ... )
    (False, None, True)
    """
    yes = yes_of(probability, settled)
    return None if probability in (0, 1) or 0 < yes < settled else yes == settled


def from_to(before: float, after: float, settled: int = 0, settled_after: int = 0) -> str:
    """Write how a share moved: in whole percent, or with one digit more where whole percent would hide the move.

    Where `settled` says how many futures stand behind a share, one of none or all is written so.

    Examples
    --------
    >>> from detente.base.shares import share_of
    >>> from_to(0.24, 0.251), from_to(0.788, 0.791), from_to(0.21, share_of(0, 200), 200, 200)
    ('24 % to 25 %', '78.8 % to 79.1 %', '21 % to none of 200 futures')
    """
    texts = [
        counted(share_, count) if count else percent(share_)
        for share_, count in ((before, settled), (after, settled_after))
    ]
    if texts[0] == texts[1] and round(before, DIGITS) != round(after, DIGITS):
        texts = [percent(share_, 1) for share_ in (before, after)]
    return pgettext("a move", "{before} to {after}").format(before=texts[0], after=texts[1])


def likelihood(probability: float) -> str:
    """Return a probability in words, on the scale of the Intergovernmental Panel on Climate Change.

    Source: [ipcc2010].

    Examples
    --------
    >>> [likelihood(p) for p in (0.005, 0.2, 0.41, 0.7, 0.95)]
    ['all but excluded', 'unlikely', 'about as likely as not', 'likely', 'very likely']
    """
    scale = (
        (0.01, for_later("all but excluded")),
        (0.1, for_later("very unlikely")),
        (1 / 3, for_later("unlikely")),
        (2 / 3, for_later("about as likely as not")),
        (0.9, for_later("likely")),
        (0.99, for_later("very likely")),
    )
    return _(next((said for above, said in scale if probability < above), for_later("all but certain")))


@dataclass(frozen=True, slots=True)
class Change:
    """Two numbers and their difference as printed: the difference is that of the numbers shown."""

    before: str
    after: str
    difference: str
    interval: str


def change(
    before: float,
    after: float,
    low: float,
    high: float,
    digits: int = DIGITS,
    *,
    of_futures: bool = False,
) -> Change:
    """Round two numbers once and subtract what is shown; the interval moves with the difference.

    Shares of futures are written by `portion`. An interval of no width is no certainty, so it is said in words.

    Examples
    --------
    >>> change(0.3504, 0.3796, 0.0100, 0.0484)
    Change(before='0.350', after='0.380', difference='+0.030', interval='+0.011 to +0.049')
    >>> change(0.0, 0.0, 0.0, 0.0, of_futures=True)
    Change(before='none', after='none', difference='+0.000', interval='no future differs')
    """
    one, two = round(before, digits), round(after, digits)
    moved = round(two - one, digits) + 0.0
    shift = moved - (after - before)
    ends = low + shift, high + shift
    left, right = (portion(v, digits) if of_futures else f"{v:.{digits}f}" for v in (before, after))
    same = before == after and low == high == 0
    interval = _("no future differs") if same else interval_text(*ends, digits)
    return Change(left, right, f"{moved:+z.{digits}f}", interval)


def interval_text(low: float, high: float, digits: int = DIGITS) -> str:
    """Write the interval of a difference; one of no width is written as narrower than its last digit.

    Examples
    --------
    >>> interval_text(-0.01, 0.02), interval_text(0.03, 0.03)
    ('-0.010 to +0.020', '+0.030, narrower than 0.001')
    """
    ends = [f"{round(end, digits) + 0.0:+z.{digits}f}" for end in (low, high)]
    if ends[0] != ends[1]:
        return to(*ends)
    least = f"{10.0**-digits:.{digits}f}"
    return _("{value}, narrower than {least}").format(value=ends[0], least=least)


def spread_text(spread: ProbabilitySpread | None, *, agree: bool = False) -> str:
    """Return the interval over posterior draws, or why there is none; `agree` where all settled futures say the same.

    Examples
    --------
    >>> from detente.lab.why import ProbabilitySpread
    >>> spread_text(ProbabilitySpread(0.1, 0.05, 0.15, 0.25, 0.58))
    '25 % to 58 %'
    >>> spread_text(ProbabilitySpread(0.0004, 0.0, 0.03, 0.9396, 0.941))
    'cannot be estimated from these futures (sd anywhere up to 0.030)'
    """
    if spread is None:
        return _("cannot be estimated: too few futures settle it")
    if not estimated(spread):
        if agree:
            return _("cannot be estimated: all settled futures agree")
        if spread.sd_high < 0.0005:
            return _("cannot be estimated: these futures vary no more than by chance")
        return _("cannot be estimated from these futures (sd anywhere up to {sd})").format(
            sd=f"{spread.sd_high:.3f}"
        )
    return to(percent(spread.low), percent(spread.high))


def estimated(spread: ProbabilitySpread | None) -> TypeGuard[ProbabilitySpread]:
    """Whether a spread is wider than a rounding; one of no width says that chance hides it, not that there is none."""
    return spread is not None and percent(spread.low) != percent(spread.high)
