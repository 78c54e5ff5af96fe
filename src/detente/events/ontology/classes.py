"""Class schemes: the sorts of acts a model tells apart, and the roles mechanisms speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.ontology.actions import DETENTE, PLOVER, refuse_action

VERBAL_COOPERATION = "verbal-cooperation"
MATERIAL_COOPERATION = "material-cooperation"
VERBAL_CONFLICT = "verbal-conflict"
MATERIAL_CONFLICT = "material-conflict"
PRESSURE = "pressure"
FORCE = "force"
JOINT = "joint"
_QUAD_OF = {PRESSURE: MATERIAL_CONFLICT, FORCE: MATERIAL_CONFLICT, JOINT: VERBAL_COOPERATION}


class Role(StrEnum):
    """What a mechanism means by an act, whatever classes the data carry.

    Spelled with underscores in argument files; the words with spaces are read too.

    Examples
    --------
    >>> Role("cooperation by word") is Role("cooperation_by_word") is Role.COOPERATION_BY_WORD
    True
    """

    COOPERATION_BY_WORD = "cooperation_by_word"
    COOPERATION_BY_DEED = "cooperation_by_deed"
    HOSTILITY_BY_WORD = "hostility_by_word"
    PRESSURE = "pressure"
    FORCE = "force"
    TALKS = "talks"

    @classmethod
    def _missing_(cls, value: object) -> Role | None:
        plain = str(value).replace(" ", "_")
        return next((role for role in cls if role.value == plain), None)


ROLES: tuple[str, ...] = tuple(role.value for role in Role)
"""The roles' names."""


@dataclass(frozen=True, slots=True)
class ClassScheme:
    """A set of classes that exclude each other, and the roles they play.

    Attributes
    ----------
    name : str
    classes : tuple[str, ...]
        In the order every array's class axis keeps.
    joint_class : str or None
        The class of undirected mutual acts, if the scheme has one.
    """

    name: str
    classes: tuple[str, ...]
    joint_class: str | None
    _roles: Mapping[Role, tuple[str, ...]]

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of the roles, the same in every scheme."""
        return ROLES

    @property
    def directed_classes(self) -> tuple[str, ...]:
        """Classes of acts that go from a source to a target."""
        return tuple(c for c in self.classes if c != self.joint_class)

    @property
    def cooperative_classes(self) -> tuple[str, ...]:
        """Classes of friendly acts; all others are hostile."""
        return tuple(c for c in self.classes if c in (VERBAL_COOPERATION, MATERIAL_COOPERATION, JOINT))

    def classes_of(self, role: Role | str) -> tuple[str, ...]:
        """Return the classes that play a role.

        Raises
        ------
        DataError
            If there is no such role.

        Examples
        --------
        >>> scheme_of("detente").classes_of("talks"), scheme_of("quad").classes_of("talks")
        (('joint',), ('verbal-cooperation',))
        >>> scheme_of("quad").classes_of(Role.PRESSURE)
        ('material-conflict',)
        """
        try:
            return self._roles[Role(role)]
        except ValueError:
            choices = tuple(str(each) for each in Role)
            raise DataError(Fault("not_one_of", "role", got=str(role), choices=choices)) from None

    def role_of(self, class_: str) -> Role:
        """Return the leading role of a class: force before pressure, a word or a deed before talks.

        Raises
        ------
        DataError
            If the scheme has no such class.

        Examples
        --------
        >>> scheme_of("detente").role_of("joint").value, scheme_of("quad").role_of("material-conflict").value
        ('talks', 'force')
        """
        self._require(class_)
        leading: list[Role] = [role for role in (*_LEADING, *Role) if class_ in self._roles[role]]
        return leading[0]

    def quad_of(self, class_: str) -> str:
        """Return the quad class a class of this scheme belongs to, so that a quad world prior can feed it.

        Raises
        ------
        DataError
            If the scheme has no such class.

        Examples
        --------
        >>> scheme_of("detente").quad_of("force"), scheme_of("detente").quad_of("joint")
        ('material-conflict', 'verbal-cooperation')
        """
        self._require(class_)
        return _QUAD_OF.get(class_, class_)

    def _require(self, class_: str) -> None:
        if class_ not in self.classes:
            raise DataError(class_fault(class_, self))


def class_fault(class_: str, scheme: ClassScheme, where: str | None = None) -> Fault:
    """Return the fault of a class its scheme does not have.

    Examples
    --------
    >>> class_fault("forse", scheme_of("detente")).remedy
    'Did you mean force?'
    """
    hint = suggest(class_, scheme.classes)
    return Fault("not_a_class", "class", got=class_, where=where, scheme=scheme.name, **hint)


_LEADING = (Role.COOPERATION_BY_WORD, Role.FORCE)


def _scheme(name: str, rest: tuple[str, ...], pressure: str, force: str, talks: str) -> ClassScheme:
    classes = (VERBAL_COOPERATION, MATERIAL_COOPERATION, VERBAL_CONFLICT, *rest)
    roles = {
        Role.COOPERATION_BY_WORD: (VERBAL_COOPERATION,),
        Role.COOPERATION_BY_DEED: (MATERIAL_COOPERATION,),
        Role.HOSTILITY_BY_WORD: (VERBAL_CONFLICT,),
        Role.PRESSURE: (pressure,),
        Role.FORCE: (force,),
        Role.TALKS: (talks,),
    }
    return ClassScheme(name, classes, JOINT if JOINT in classes else None, MappingProxyType(roles))


_DETENTE = _scheme("detente", (PRESSURE, FORCE, JOINT), PRESSURE, FORCE, JOINT)
_QUAD = _scheme("quad", (MATERIAL_CONFLICT,), MATERIAL_CONFLICT, MATERIAL_CONFLICT, VERBAL_COOPERATION)
SCHEMES: Mapping[str, ClassScheme] = MappingProxyType({"detente": _DETENTE, "quad": _QUAD})
"""The class schemes by name."""


def scheme_of(name: str) -> ClassScheme:
    """Return a class scheme by its name.

    Raises
    ------
    DataError
        If there is no such scheme.

    Examples
    --------
    >>> scheme_of("quad").classes
    ('verbal-cooperation', 'material-cooperation', 'verbal-conflict', 'material-conflict')
    """
    if name not in SCHEMES:
        raise DataError(Fault("not_one_of", "class scheme", got=name, choices=tuple(SCHEMES)))
    return SCHEMES[name]


def scheme_for(codebook: str) -> str:
    """Return the name of the scheme an event file of this codebook is read into.

    Examples
    --------
    >>> scheme_for("plover"), scheme_for("weis")
    ('detente', 'quad')
    """
    return "detente" if codebook in ("detente", "plover") else "quad"


DEFAULT_CLASS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("SUPPORT", "AGREE", "CONSULT", "CONCEDE"), VERBAL_COOPERATION)
    | dict.fromkeys(("COOPERATE", "AID", "YIELD", "RETREAT"), MATERIAL_COOPERATION)
    | dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST"), VERBAL_CONFLICT)
    | dict.fromkeys(("SANCTION",), PRESSURE)
    | dict.fromkeys(("MOBILIZE", "COERCE", "ASSAULT"), FORCE)
)
"""The class of each action in the ``detente`` scheme when a file does not say."""


def default_class(action: str, mode: str | None = None, codebook: str = "detente") -> str:
    """Return the class of an act in the ``detente`` scheme when its file does not say.

    Parameters
    ----------
    action, mode : str
        The act. PLOVER's COERCE/restrict (economic sanctions) is pressure; AGREE and CONSULT are verbal
        cooperation here and become joint only by folding.
    codebook : str
        ``detente`` or ``plover``.

    Returns
    -------
    str

    Raises
    ------
    DataError
        If the codebook has no such action.

    Examples
    --------
    >>> default_class("YIELD"), default_class("CONCEDE", codebook="plover")
    ('material-cooperation', 'verbal-cooperation')
    >>> default_class("COERCE", "restrict", "plover"), default_class("COERCE", "seize", "plover")
    ('pressure', 'force')
    """
    if action not in (PLOVER if codebook == "plover" else DETENTE):
        refuse_action(action, codebook)
    if codebook == "plover" and action == "COERCE" and mode == "restrict":
        return PRESSURE
    return DEFAULT_CLASS[action]
