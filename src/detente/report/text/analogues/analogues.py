"""What `detente analogues` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.argument_texts import argument_texts
from detente.report.languages.language import _, language, own
from detente.report.languages.readers import visitor_reads
from detente.report.text.actors import legend
from detente.report.text.analogues.crises import crises_text, crisis_text, ended_text, feature_text
from detente.report.text.analogues.moments import method, moment_lines, moment_sentences, searched_text
from detente.report.text.analogues.worth import worth_text
from detente.report.text.first_line import head_line
from detente.report.text.numbers import of_count

if TYPE_CHECKING:
    from detente.studies.analogues.related import Analogues


def text_of(result: Analogues) -> str:
    """Return the moments with what followed each, the crises, and other pieces."""
    value = result.to_dict()
    add_sentences(value, result)
    said = value["sentences"]
    sides = value["moments"][0]["pair"] if value["moments"] else list(result.case.argument.principals or ())
    shown = len(value["moments"])
    head = head_line(value, f"{of_count(shown, 'moment')} of {of_count(value['searched'], 'earlier day')}")
    lines = [head, *filter(None, [legend(result.case, sides)]), said["method"], said["worth"]]
    if not value["moments"]:
        lines += ["", "Too few days are known to find an earlier day like this one."]
    for moment in value["moments"]:
        lines += ["", *moment_lines(moment)]
    for file in value["elsewhere"]:
        lines += ["", file["sentences"]["searched"]]
        for moment in file["moments"]:
            lines += ["", *moment_lines(moment, pair=True)]
    lines += ["", "International crises", said["crises"], *(f"  {row}" for row in said["features"])]
    lines += [crisis["sentences"]["says"] for crisis in value["crises"]]
    if value["crises"]:
        lines.append(said["ended"])
    lines += ["", "Also in the library", *(f"  {piece['sentences']['open']}" for piece in value["pieces"])]
    return "\n".join(lines)


def add_sentences(value: dict[str, Any], result: Analogues) -> None:
    """Add how moments and crises were found, what analogues are worth, and each row's own sentences."""
    value["sentences"] = {
        "method": method(value),
        "worth": worth_text(result.worth),
        "crises": crises_text(value),
        "features": [feature_text(feature) for feature in value["features"]],
        "ended": ended_text(value),
    }
    for moment in value["moments"]:
        moment["sentences"] = moment_sentences(moment)
    for file in value["elsewhere"]:
        file["sentences"] = {"searched": searched_text(file)}
        for moment in file["moments"]:
            moment["sentences"] = moment_sentences(moment)
    for crisis in value["crises"]:
        crisis["sentences"] = {"says": crisis_text(crisis, value["again_months"])}
    for piece in value["pieces"]:
        piece["sentences"] = {"open": piece_text(piece)}


def piece_text(piece: Mapping[str, Any]) -> str:
    """Return an argument of the library, and the command that opens it; on a server, what else it needs."""
    if visitor_reads() and piece["kind"] in ("template", "generic"):
        said = _("{name}: {title} (for events of your own, on the command line)")
        return said.format(name=piece["name"], title=_title(piece["title"]))
    command = {
        "argument": f"detente run {piece['rivalry']} --argument {piece['name']}",
        "rivalry": f"detente run {piece['rivalry']} --argument {piece['name']}",
        "template": f"detente new --template {piece['name']} --events FILE",
        "generic": f"detente run --argument {piece['name']} --events FILE --principals A,B",
    }[piece["kind"]]
    return _("{name}: {title} ({command})").format(
        name=piece["name"], title=_title(piece["title"]), command=command
    )


def _title(title: str) -> str:
    """Return the title of an argument of the library in the language of the page, where that argument has it."""
    from detente.argument.load import embedded_arguments  # loads the model

    one = next((each for each in embedded_arguments() if each.title == title), None)
    return own(title) if one is None else argument_texts(one, language().tag).get(title) or own(title)
