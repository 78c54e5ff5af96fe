"""What `detente ask` prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import BOTH_DEAD, FEWEST_SIMILAR, NOT_MODELLED
from detente.report.languages.formats import iso_window, listed
from detente.report.languages.language import _, ngettext, sentences, word
from detente.report.text import bottom_line
from detente.report.text.actors import codes_in, legend, names_of
from detente.report.text.answers.amounts import amount_lines, heavy_tail, observed_in_full
from detente.report.text.answers.cautions import cautions
from detente.report.text.answers.past import left_out_text, unclear_text
from detente.report.text.answers.phases import phase_lines
from detente.report.text.answers.read_as import read_as
from detente.report.text.answers.sentence import counts_friendly_words, record_text
from detente.report.text.events import added_text
from detente.report.text.first_line import head_line
from detente.report.text.numbers import (
    capital,
    certain_text,
    counted,
    estimated,
    of_count,
    one_sided,
    percent,
    phrases,
    share,
    spread_text,
    to,
)

if TYPE_CHECKING:
    from detente.lab.ask import Ask, Caveat, QuestionResult


_LINE_OF_TALKS = re.compile(
    r"->\S+ talks\b"
)  # the grammar's word for acts done together, where there are any


def text_of(result: Ask) -> str:
    """Return the answers in plain words."""
    value = result.to_dict()
    futures = value["futures"]
    head = head_line(value, f"{futures['count']:,} futures from seed {futures['seed']}")
    files = result.run.case.chronicle.provenance.added
    codes = [
        *(result.run.case.argument.principals or ()),
        *codes_in(*(q["text"] for q in value["questions"])),
    ]
    lines = [head, *filter(None, [legend(result.run.case, codes)])]
    lines += [*(added_text(file, result.run.as_of) for file in files), "", bottom_line.of_ask(result)]
    names = names_of(result.run.case)
    for question, asked in zip(value["questions"], result.asked, strict=True):
        head, *rest = _question(question, asked)
        lines += ["", head, f"  read as     {read_as(asked.answer.question, names)}", *rest]
        lines += [f"  caution     {text}" for text in cautions(asked)]
        lines += [f"  note        {text}" for text in _notes(asked)]
    tail = (
        "Monte Carlo: 90 % of what more futures could change. Draws: 90 % of what the events leave open within this "
        "argument. Neither covers uncertainty about the argument itself."
    )
    lines += ["", tail]
    return "\n".join(lines)


def _question(q: dict[str, Any], asked: QuestionResult) -> list[str]:
    lines = [f"{q['text']}   ({iso_window(q['opens'], q['closes'])})"]
    if "distribution" in q:
        channels = [f"  channels    {added_channels_text(q['added'])}"] if q["added"] else []
        return [*lines, *amount_lines(q), *channels]
    if q["probability"] is None:
        modelled = q["status"] != NOT_MODELLED
        lines.append(f"  chance      {'none: no future settles it' if modelled else 'not modelled'}")
    else:
        lines.append(f"  chance      {chance_text(q)}")
    if q["certain"]:
        return [*lines, f"  outcome     {q['outcome']}"]
    if q["ambiguous"] and q["probability"] is not None and not q["only_bounds"]:
        lines.append(f"              {percent(q['ambiguous'])} of futures are ambiguous and left out")
    spread = None if q["only_bounds"] else q["spread"]
    if spread is not None and estimated(asked.spread):
        lines.append(
            f"  draws       {to(share(spread['low']), share(spread['high']))} (sd {spread['sd']:.3f}; that sd itself "
            f"{spread['sd_low']:.3f} to {spread['sd_high']:.3f})"
        )
    elif q["probability"] is not None and not q["only_bounds"]:
        lines.append(f"  draws       {spread_text(asked.spread, agree=agree(asked))}")
    if q["added"]:
        lines.append(f"  channels    {added_channels_text(q['added'])}")
    if "first" in q:
        days = [
            f"{percent(float(k))} by {day or 'none by then'}"
            for k, day in q["first"].items()
            if k != "observed"
        ]
        lines.append(f"  first act   {', '.join(days)}")
        lines.append(f"              in history: {q['first']['observed'] or 'none, or not covered'}")
    for label, rate in zip(("base rates ", "           "), q["base_rates"].values(), strict=True):
        many = of_count(rate["windows"], "overlapping window")
        apart = phrases(f"{rate['separate']:.1f} non-overlapping", *left_out_text(rate))
        settled = " settled" if rate["share"] is None and rate["unclear"] else ""
        lines.append(f"  {label} {_past(rate['share'])} {many}{settled} since {rate['since']} ({apart})")
        lines += [f"              {text}" for text in [unclear_text(rate)] if text]
    if recorded := record_line(asked):
        lines.append(f"  record      {recorded}")
    label = "why"
    for m in q["why"]:
        moved = "" if m["moved"] is None else f"; events removed {percent(m['moved'])} of its prior sd"
        where = f" ({m['channels'][0]}{', ...' if len(m['channels']) > 1 else ''})" if m["channels"] else ""
        lines.append(
            f"  {label:<11} {m['name']}{where} {m['points']:+z.3f} a sd, error {m['error']:.3f}{moved}"
        )
        label = ""
    if not q["why"] and q["settled"]:
        lines.append(
            f"  why         no coefficient moves it beyond chance, as far as {q['settled']:,} futures show"
        )
    lines.append(f"  outcome     {q['outcome']}")
    return lines


def _past(of: float | None) -> str:
    if of is None:
        return "not known:"
    part = {0.0: "none", 1.0: "all"}.get(of) or share(of)
    return f"{part} of"


def record_line(asked: QuestionResult) -> str:
    """Return the record of similar questions in the words of a table's row; empty where nothing was recorded."""
    if asked.record is not None:
        return (
            record_text(asked.record, friendly_words=counts_friendly_words(asked.answer.question))
            .rstrip(".。")
            .replace("When", "when", 1)
        )
    if (
        asked.answer.only_bounds
        or not asked.recorded
        or asked.answer.probability is None
        or asked.answer.certain is not None
    ):
        return ""
    return _("fewer than {n} similar questions are on record").format(n=FEWEST_SIMILAR)


def chance_text(q: dict[str, Any]) -> str:
    """Return the probability of a question, given as plain values, with what more futures could change.

    Examples
    --------
    >>> q = {"probability": 0.5, "low": 0.44, "high": 0.56, "yes": 100, "settled": 200, "certain": None}
    >>> q |= {"only_bounds": False}
    >>> chance_text(q)
    '0.500; Monte Carlo 0.440 to 0.560 (200 futures)'
    >>> chance_text(q | {"probability": 1.0, "certain": "already settled"})
    '1, already settled by what is known by then'
    """
    if q["certain"]:
        return f"{q['probability']:.0f}, {certain_text(q['certain'])}"
    if q["only_bounds"]:
        return (
            f"{to(share(q['low_all']), share(q['high_all']))}, as {percent(q['ambiguous'])} of futures are ambiguous; "
            f"{share(q['probability'])} of the other {q['settled']:,}"
        )
    all_ = one_sided(q["probability"], q["settled"])
    if all_ is not None:
        end = f"above {share(q['low'])}" if all_ else f"below {share(q['high'])}"
        return f"{counted(q['probability'], q['settled'])}; Monte Carlo {end}"
    interval = to(share(q["low"]), share(q["high"]))
    return f"{share(q['probability'])}; Monte Carlo {interval} ({q['settled']:,} futures)"


def agree(asked: QuestionResult) -> bool:
    """Whether all futures that settle a question say the same."""
    p = asked.answer.probability
    return p is not None and (p in (0, 1) or one_sided(p, asked.answer.settled) is not None)


def _notes(asked: QuestionResult) -> list[str]:
    """Return what the phases of a question are, and its caveats, each beginning as a sentence does."""
    question = asked.answer.question
    words = []
    if counts_friendly_words(question) and _LINE_OF_TALKS.search(question.text):
        words = [
            _(
                "talks: these events code no act as done together, so this counts friendly words of one side to the "
                "other"
            )
        ]
    return [
        *map(capital, (*phase_lines(question), *words, *(caveat_text(caveat) for caveat in asked.caveats)))
    ]


def caveat_text(caveat: Caveat) -> str:
    """Return a caveat as a sentence.

    Examples
    --------
    >>> from detente.lab.ask import Caveat
    >>> caveat_text(Caveat("unknown", "mode", "dron", "drone"))
    'no act known by then has mode dron, so futures never hold it. Did you mean drone?'
    """
    if caveat.kind == "early":
        return _(
            "its window opens on {opens}, before the futures start: use a window that starts on or after {start}"
        ).format(opens=caveat.opens, start=caveat.start)
    if caveat.kind == "not modelled":
        return _lack_text(caveat)
    if caveat.kind == BOTH_DEAD:
        return _(
            "the data count the dead of both sides together, and futures draw them so: what futures say counts "
            "the dead of such acts, of whichever side"
        )
    if caveat.kind == "unlike":
        return _(
            "{share} of the chance of such acts of {act} rests on acts that these channels, and those like them, have "
            "never shown: on what others did, or on what the codebook names"
        ).format(share=percent(caveat.share or 0.0), act=caveat.word)
    return sentences(
        _("no act known by then has {column} {value}, so futures never hold it.").format(
            column=word(caveat.column), value=word(caveat.word)
        ),
        _("Did you mean {word}?").format(word=caveat.near) if caveat.near else "",
    )


def _lack_text(caveat: Caveat) -> str:
    if caveat.why == "actor":
        return _("no act of {actors} was known by then, so nothing says how often such acts come").format(
            actors=listed(caveat.actors)
        )
    if caveat.why == "class":
        return _(
            "no act of that class was known by then, so nothing says how often such acts of {act} come"
        ).format(act=caveat.word)
    if caveat.why == "tolls":
        return _("no act known by then has a toll, so futures know nothing of deaths")
    if caveat.why == "phase":
        return _never_text(caveat.phase)
    return _("futures hold no such act of {act}: none was known by then that it could be like").format(
        act=caveat.word
    )


def _never_text(phase: str) -> str:
    """Return why no future can begin a phase."""
    if phase == "talks":
        return _("futures draw no act that both sides do together, and a day of talks is one of such acts")
    return _("futures hold no act that could begin {phase}").format(phase=word(phase))


def added_channels_text(labels: Sequence[str]) -> str:
    """Return in words which channels were added for a question, and what their rates rest on.

    Examples
    --------
    >>> added_channels_text(["SAU -> IRN force"]).partition(":")[0]
    'the argument has no channel for this, so SAU -> IRN force was added in separate futures'
    """
    return ngettext(
        "the argument has no channel for this, so {channels} was added in separate futures: how often such acts "
        "come is learnt from the acts known and from pairs of actors like these, their dynamics rest on default priors",
        "the argument has no channel for this, so {channels} were added in separate futures: how often such acts "
        "come is learnt from the acts known and from pairs of actors like these, their dynamics rest on default priors",
        len(labels),
    ).format(channels=listed(list(labels)))


def add_sentences(value: dict[str, Any], result: Ask) -> None:
    """Add the bottom line, and to each question its cautions, and its caveats as notes."""
    value["sentences"] = {"bottom_line": bottom_line.of_ask(result)}
    names = names_of(result.run.case)
    for question, asked in zip(value["questions"], result.asked, strict=True):
        add_to_question(question, asked)
        question["sentences"]["read_as"] = read_as(asked.answer.question, names)


def add_to_question(value: dict[str, Any], asked: QuestionResult) -> None:
    """Add to one question its caveats as notes, its cautions, and how far draws of the coefficients move it."""
    value["sentences"] = {
        "record": record_line(asked),
        "unclear": [unclear_text(rate) for rate in value["base_rates"].values()],
        "notes": [
            *([capital(added_channels_text(value["added"]))] if value["added"] else []),
            *_notes(asked),
        ],
        "cautions": cautions(asked),
        "spread": spread_text(asked.spread, agree=agree(asked)),
    }
    if "distribution" in value:
        value["sentences"] |= {
            "observed": observed_in_full(value),
            "tail": heavy_tail(value["distribution"]) if value["distribution"] else "",
        }
