"""Crosswalks: exact figures here, and all of them against the published tables where those are at hand."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from detente.base.errors import DataError
from detente.events.ontology.actions import action_names
from detente.events.ontology.classes import scheme_of
from detente.events.ontology.crosswalks import CodedAct, cameo, code_fault, coded_act, weis
from worlds import SHARED


def shared(path: str) -> Path:
    if not (SHARED / path).exists():
        pytest.skip(f"NOT CHECKED against the published table: {SHARED / path} is not there")
    return SHARED / path


def test_cameo_has_312_codes_of_20_roots():
    assert len(cameo()) == 312
    roots = [code for code in cameo() if len(code) == 2]
    assert roots == [f"{n:02d}" for n in range(1, 21)]
    assert {code[:2] for code in cameo()} == set(roots)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("016", -5.0), ("124", -4.0), ("163", -8.0), ("164", -6.5), ("166", -7.0), ("0874", 10.0), ("13", -6.0),
        ("130", -4.4), ("01", 0.0), ("012", -0.4), ("019", 3.4), ("038", 7.0), ("0334", 6.0), ("1823", -10.0),
        ("182", -9.5), ("2042", -10.0), ("201", -9.5), ("1712", -9.2),
    ],
)  # fmt: skip
def test_goldstein_values_are_those_of_icews(code, value):
    assert cameo()[code].intensity == value


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("01", "STATEMENT"), ("016", "STATEMENT"), ("020", "APPEAL"), ("0256", "APPEAL"), ("036", "AGREE"),
        ("046", "CONSULT"), ("057", "SUPPORT"), ("061", "COOPERATE"), ("071", "AID"), ("08", "CONCEDE"),
        ("083", "CONCEDE"), ("0812", "CONCEDE"), ("0813", "RETREAT"), ("0814", "RETREAT"), ("084", "RETREAT"),
        ("0874", "RETREAT"), ("090", "ACCUSE"), ("1014", "REQUEST"), ("112", "ACCUSE"), ("129", "REJECT"),
        ("139", "THREATEN"), ("1454", "PROTEST"), ("154", "MOBILIZE"), ("160", "SANCTION"), ("162", "SANCTION"),
        ("163", "COERCE"), ("1663", "SANCTION"), ("170", "COERCE"), ("1711", "COERCE"), ("1712", "ASSAULT"),
        ("174", "COERCE"), ("175", "ASSAULT"), ("186", "ASSAULT"), ("19", "ASSAULT"), ("190", "ASSAULT"),
        ("191", "COERCE"), ("192", "COERCE"), ("193", "ASSAULT"), ("204", "ASSAULT"),
    ],
)  # fmt: skip
def test_cameo_codes_become_plover_actions(code, action):
    assert cameo()[code].action == action


def test_every_cameo_code_has_one_quad_class_by_its_root():
    bounds = {"verbal-cooperation": (1, 5), "material-cooperation": (6, 8), "verbal-conflict": (9, 13)}
    bounds["material-conflict"] = (14, 20)
    for code, act in cameo().items():
        inside = [name for name, (low, high) in bounds.items() if low <= int(code[:2]) <= high]
        assert [act.class_] == inside
        assert act.code == code
        assert not act.filled
        assert act.action in action_names("cameo")
        assert -10 <= act.intensity <= 10


def test_cameo_against_the_table_of_icews():
    with shared("data/codes/cameo_goldstein.csv").open(encoding="utf-8") as stream:
        published = {row["code"]: float(row["goldstein"]) for row in csv.DictReader(stream)}
    assert {code: act.intensity for code, act in cameo().items()} == published


def test_cameo_against_the_conversion_table_of_plover():
    text = shared("data/plover/CAMEO2PLOVER-2021.txt").read_text(encoding="utf-8")
    rows = re.findall(r"^(\d{2,4}): (\w+)", text, re.MULTILINE)
    unlike = {
        (code, action) for code, action in rows if code not in cameo() or cameo()[code].action != action
    }
    # 08 stands in PLOVER's table under both types; 1214 is no code of ICEWS's CAMEO.
    assert unlike == {("08", "RETREAT"), ("1214", "REJECT")}
    without = {code for code in cameo() if code[:2] in ("01", "02")}
    assert {code for code, _ in rows} & set(cameo()) == set(cameo()) - without


def test_cameo_against_the_values_in_theory():
    text = shared("theory.md").read_text(encoding="utf-8")
    listed: dict[str, float] = {}
    for root, own, codes in re.findall(
        r"^\| (\d\d) \| [^|]+ \| ([+-][\d.]+) \| (\*\*.*) \|$", text, re.MULTILINE
    ):
        listed[root] = float(own)
        for value, group in re.findall(r"\*\*([+-][\d.]+)\*\*: ([\d ]+)", codes):
            listed |= {code: float(value) for code in group.split()}
    assert len(listed) == 312
    assert {code: act.intensity for code, act in cameo().items()} == listed


@pytest.mark.parametrize(
    ("code", "value"),
    [("223", -10.0), ("211", -9.2), ("222", -8.7), ("195", -7.0), ("174", -6.9), ("172", -5.8), ("072", 8.3),
     ("064", 5.4), ("084", 10.0), ("020", 0.0), ("027", -2.0), ("063", -1.1), ("198", -4.0)],
)  # fmt: skip
def test_weis_weights_are_goldsteins(code, value):
    assert weis()[code] == coded_act(code, "weis")
    assert weis()[code].intensity == value


def test_weis_against_the_published_table():
    with shared("data/keds/weis_goldstein.csv").open(encoding="utf-8") as stream:
        published = {row["code"]: float(row["goldstein"]) for row in csv.DictReader(stream)}
    assert {code: act.intensity for code, act in weis().items()} == published
    assert len(published) == 109


def test_weis_quad_classes_by_root():
    by_class: dict[str, set[int]] = {}
    for root in range(1, 23):
        by_class.setdefault(coded_act(f"{root:02d}9", "weis").class_, set()).add(root)
    assert by_class == {
        "material-cooperation": {1, 6, 7},
        "verbal-cooperation": {2, 3, 4, 5, 8, 9, 10},
        "verbal-conflict": set(range(11, 18)),
        "material-conflict": set(range(18, 23)),
    }
    assert set(by_class) == set(scheme_of("quad").classes)


def test_a_weis_code_without_a_weight_stands_at_its_roots():
    assert coded_act("229", "weis") == CodedAct("229", "ASSAULT", "material-conflict", -9.0, filled=True)
    mean = coded_act("130", "weis")  # root 13 has no code 130: the mean of 131, 132, 133
    assert mean.intensity == pytest.approx((-1.9 - 2.4 - 1.0) / 3, abs=1e-3)
    assert mean.filled
    assert not coded_act("220", "weis").filled
    assert coded_act("181", "weis").action == "PROTEST"
    assert coded_act("182", "weis").action == coded_act("189", "weis").action == "MOBILIZE"


@pytest.mark.parametrize("code", ["", "23", "230", "000", "2", "2233", "22a", "٢٢٣", "223 "])
def test_what_weis_does_not_have_is_refused(code):
    with pytest.raises(DataError, match="code must be a WEIS code"):
        coded_act(code, "weis")


@pytest.mark.parametrize(
    ("code", "hint"),
    [("36", "Did you mean 036?"), ("1", "Did you mean 01?"), ("0330", "Did you mean 033?"), ("x", None)],
)
def test_what_cameo_does_not_have_is_refused(code, hint):
    with pytest.raises(DataError):
        coded_act(code, "cameo")
    assert code_fault(code, "cameo").remedy == hint


def test_only_machine_codebooks_have_codes():
    with pytest.raises(DataError, match="must be one of cameo, weis, got detente"):
        coded_act("223", "detente")


def test_the_tables_cannot_be_changed():
    with pytest.raises(TypeError):
        cameo()["016"] = None  # type: ignore[index]
