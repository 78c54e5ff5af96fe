"""Actions: the figures of PLOVER's scale, and the two words this project reads in its own way."""

from __future__ import annotations

import re

import pytest

from detente.base.errors import DataError
from detente.base.spelling import nearest
from detente.events.ontology.actions import (
    CODEBOOKS,
    DETENTE,
    PLOVER,
    action_fault,
    action_names,
    intensity_of,
)
from worlds import SHARED

SCORES = {
    "AGREE": 2.5, "CONSULT": 2.5, "SUPPORT": 5, "CONCEDE": 4.5, "COOPERATE": 9.5, "AID": 10, "RETREAT": 6.5,
    "REQUEST": 0, "ACCUSE": -3, "REJECT": -2, "THREATEN": -3.5, "PROTEST": -5, "SANCTION": -6, "MOBILIZE": -5.5,
    "COERCE": -7, "ASSAULT": -9,
}  # fmt: skip
EMBEDDED = """
ASSAULT CONSULT SANCTION YIELD AGREE REJECT ACCUSE COERCE REQUEST THREATEN SUPPORT COOPERATE MOBILIZE AID PROTEST
"""


def test_plover_has_sixteen_types_with_their_scores():
    assert {name: action.intensity for name, action in PLOVER.items()} == SCORES


def test_the_embedded_chronicle_has_fifteen_actions():
    assert set(action_names("detente")) == set(EMBEDDED.split())
    assert len(action_names("detente")) == 15


@pytest.mark.parametrize(
    ("action", "mode", "score"),
    [
        ("CONSULT", "visit", 4.0), ("CONSULT", "phone", 1.5), ("RETREAT", "disarm", 10.0), ("REQUEST", "assist", 0.5),
        ("REQUEST", "meet", 0.0),
        ("ACCUSE", "allege", -3.5), ("REJECT", "assist", -1.5),
        ("THREATEN", "territory", -4.0),
        ("PROTEST", "riot", -7.0), ("SANCTION", "expel", -5.5), ("MOBILIZE", "troops", -6.5),
        ("COERCE", "martial-law", -7.5), ("ASSAULT", "unconventional", -10.0), ("ASSAULT", "heavy-weapons", -9.5),
        ("ASSAULT", "no such mode", -9.0), ("ASSAULT", None, -9.0),
    ],
)  # fmt: skip
def test_a_mode_of_plover_has_its_own_score(action, mode, score):
    assert intensity_of(action, mode, "plover") == score


def test_plover_against_the_table_in_theory():
    theory = SHARED / "theory.md"
    if not theory.exists():
        pytest.skip(f"NOT CHECKED against the published table: {theory} is not there")
    row = r"^\| ([A-Z]{3,}) \| [^|]* \| ([^|]+) \| [^|]* \| ([^|]+) \|$"
    listed = {}
    for name, score, modes in re.findall(row, theory.read_text(encoding="utf-8"), re.MULTILINE):
        pairs = [pair.rsplit(" ", 1) for pair in modes.strip(" –").split("; ") if pair]
        number = re.match(r"[+−]?[\d.]+", score)[0]
        listed[name] = (
            float(number.replace("−", "-")),
            {mode: float(value.replace("−", "-")) for mode, value in pairs},
        )
    assert sum(len(modes) for _, modes in listed.values()) == 66
    assert {a.name: (a.intensity, dict(a.modes)) for a in PLOVER.values()} == listed


def test_own_modes_do_not_borrow_the_score_of_a_mode_spelled_alike():
    assert intensity_of("CONSULT", "visit") == 2.5
    assert intensity_of("ASSAULT", "drone") == -9.0
    assert not any(action.modes for action in DETENTE.values())


def test_sanction_means_economic_sanctions_here_and_reduced_relations_in_plover():
    assert intensity_of("SANCTION") == -7.0 == intensity_of("COERCE", "restrict", "plover")
    assert intensity_of("SANCTION", codebook="plover") == -6.0


def test_yield_joins_concede_by_words_and_retreat_by_deeds():
    assert intensity_of("YIELD") == intensity_of("RETREAT", codebook="plover") == 6.5
    assert intensity_of("YIELD", class_="material-cooperation") == 6.5
    by_words = intensity_of("YIELD", class_="verbal-cooperation")
    assert by_words == intensity_of("CONCEDE", codebook="plover") == 4.5


@pytest.mark.parametrize(
    ("action", "codebook", "hint"),
    [
        ("ASSALT", "detente", "Did you mean ASSAULT?"),
        ("assault", "detente", "Did you mean ASSAULT?"),
        ("RETREAT", "detente", "In this codebook it is YIELD."),
        ("CONCEDE", "detente", "In this codebook it is YIELD."),
        ("YIELD", "plover", "In this codebook it is RETREAT or CONCEDE."),
    ],
)
def test_an_unknown_action_is_refused_with_the_nearest(action, codebook, hint):
    with pytest.raises(DataError) as error:
        intensity_of(action, None, codebook)
    (fault,) = error.value.faults
    assert (fault.got, fault.remedy) == (action, hint)


def test_an_action_like_none_is_refused_with_the_list():
    assert action_fault("xyz", "detente").remedy.count(",") == 12


@pytest.mark.parametrize("codebook", ["cameo", "weis", "ifs"])
def test_machine_codes_have_no_intensity_by_action(codebook):
    with pytest.raises(DataError, match="must be one of detente, plover"):
        intensity_of("ASSAULT", None, codebook)


def test_action_names_of_every_codebook():
    assert [len(action_names(codebook)) for codebook in CODEBOOKS] == [15, 16, 18, 18]
    with pytest.raises(DataError, match="codebook must be one of"):
        action_names("ifs")


def test_nearest_gives_up_rather_than_guess():
    assert nearest("zzzz", ("pressure", "force")) is None
