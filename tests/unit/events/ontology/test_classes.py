"""Class schemes: which classes play which role, and the class of an action that comes without one."""

from __future__ import annotations

import pytest

from detente.base.errors import DataError
from detente.events.ontology.actions import DETENTE, PLOVER
from detente.events.ontology.classes import ROLES, SCHEMES, Role, default_class, scheme_for, scheme_of

VC, MC, VF = "verbal-cooperation", "material-cooperation", "verbal-conflict"


def test_the_two_schemes():
    assert scheme_of("detente").classes == (VC, MC, VF, "pressure", "force", "joint")
    assert scheme_of("quad").classes == (VC, MC, VF, "material-conflict")
    assert scheme_of("detente").joint_class == "joint"
    assert scheme_of("quad").joint_class is None
    with pytest.raises(DataError, match="class scheme must be one of detente, quad, got six"):
        scheme_of("six")


@pytest.mark.parametrize(
    ("role", "detente", "quad"),
    [
        ("cooperation by word", VC, VC),
        ("cooperation by deed", MC, MC),
        ("hostility by word", VF, VF),
        ("pressure", "pressure", "material-conflict"),
        ("force", "force", "material-conflict"),
        ("talks", "joint", VC),
    ],
)
def test_roles_become_classes(role, detente, quad):
    assert scheme_of("detente").classes_of(role) == (detente,)
    assert scheme_of("quad").classes_of(role) == (quad,)
    assert scheme_of("quad").classes_of(role.replace(" ", "_")) == (quad,)


def test_an_unknown_role_is_refused():
    with pytest.raises(DataError, match="role must be one of"):
        scheme_of("quad").classes_of("menace")


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)
def test_every_class_has_a_leading_role_and_every_role_a_class(scheme):
    assert scheme.roles == ROLES
    for class_ in scheme.classes:
        assert class_ in scheme.classes_of(scheme.role_of(class_))
    assert {c for role in Role for c in scheme.classes_of(role)} == set(scheme.classes)
    with pytest.raises(DataError, match="class must be a class of scheme"):
        scheme.role_of("gesture")


def test_force_leads_material_conflict():
    assert scheme_of("quad").role_of("material-conflict") is Role.FORCE
    assert scheme_of("quad").role_of(VC) is Role.COOPERATION_BY_WORD


def test_directed_and_cooperative_classes():
    assert scheme_of("detente").directed_classes == (VC, MC, VF, "pressure", "force")
    assert scheme_of("quad").directed_classes == scheme_of("quad").classes
    assert scheme_of("detente").cooperative_classes == (VC, MC, "joint")


def test_six_classes_fall_into_four():
    quad = [scheme_of("detente").quad_of(c) for c in scheme_of("detente").classes]
    assert quad == [VC, MC, VF, "material-conflict", "material-conflict", VC]
    assert [scheme_of("quad").quad_of(c) for c in scheme_of("quad").classes] == list(
        scheme_of("quad").classes
    )
    with pytest.raises(DataError, match=r"got forse\. Did you mean force\?"):
        scheme_of("detente").quad_of("forse")


def test_default_classes_of_the_fifteen_actions():
    by_class: dict[str, set[str]] = {}
    for action in DETENTE:
        by_class.setdefault(default_class(action), set()).add(action)
    assert by_class == {
        VC: {"SUPPORT", "AGREE", "CONSULT"},
        MC: {"COOPERATE", "AID", "YIELD"},
        VF: {"REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST"},
        "pressure": {"SANCTION"},
        "force": {"MOBILIZE", "COERCE", "ASSAULT"},
    }


def test_default_classes_of_plover():
    assert default_class("CONCEDE", None, "plover") == VC
    assert default_class("RETREAT", None, "plover") == MC
    assert default_class("COERCE", "restrict", "plover") == "pressure"
    assert default_class("COERCE", "seize", "plover") == "force"
    assert default_class("COERCE", "restrict", "detente") == "force"
    assert all(default_class(action, None, "plover") in scheme_of("detente").classes for action in PLOVER)
    with pytest.raises(DataError, match="RETREAT"):
        default_class("RETREAT")


def test_scheme_of_each_codebook():
    assert [scheme_for(c) for c in ("detente", "plover", "cameo", "weis")] == [
        "detente",
        "detente",
        "quad",
        "quad",
    ]
