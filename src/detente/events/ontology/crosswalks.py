"""Crosswalks: what each CAMEO and WEIS code means in actions, quad classes and intensity."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.ontology.actions import APPEAL, STATEMENT
from detente.events.ontology.classes import (
    MATERIAL_CONFLICT,
    MATERIAL_COOPERATION,
    VERBAL_CONFLICT,
    VERBAL_COOPERATION,
)

CAMEO_VERSION = "CAMEO as ICEWS uses it: 312 codes, Goldstein values of goldstein_mappings (R package icews)"
"""Which CAMEO. KEDS's 2007 codebook and GDELT's file value (and mean) 016, 124 and 163 to 166 otherwise."""


WEIS_VERSION = "WEIS with the weights of Goldstein (1992), as in weis.goldstein.scale (R package events)"
"""Which WEIS."""


@dataclass(frozen=True, slots=True)
class CodedAct:
    """What a machine code means.

    Attributes
    ----------
    code : str
        The code, with its leading zeros.
    action : str
        PLOVER's type, or STATEMENT or APPEAL.
    class_ : str
        One of the four quad classes.
    intensity : float
        Goldstein's value, -10 to +10.
    filled : bool
        True if the code has no value of its own and stands at its root's.
    """

    code: str
    action: str
    class_: str
    intensity: float
    filled: bool = False


# Value: codes that have it. Two-digit codes are roots. Source: R package icews (andybega/icews), goldstein_mappings.
_CAMEO_GOLDSTEIN = """
+0.0: 01 010 014 015 017
-0.1: 011
-0.4: 012
+0.4: 013
-5.0: 016
+3.4: 018 019 021 0211 0212 0213 0214 022 023 0231 0232 0233 0234
+3.0: 02 020
-0.3: 024 0241 0242 0243 0244 025 0251 0252 0253 0254 0255 0256
+4.0: 026 027 028
+4.0: 03 030 036
+5.2: 031 0311 0312 0313 0314 033 0331 0332 0333
+4.5: 032
+6.0: 0334
+7.0: 034 0341 0342 0343 0344 035 0351 0352 0353 0354 0355 0356 038
+5.0: 037 039
+1.0: 04 040 041
+1.9: 042
+2.8: 043
+2.5: 044
+5.0: 045
+7.0: 046
+3.5: 05 050 052
+3.4: 051
+3.8: 053
+6.0: 054
+7.0: 055 056
+8.0: 057
+6.0: 06 060
+6.4: 061
+7.4: 062 063
+7.0: 064
+7.0: 07 070 075
+7.4: 071 073
+8.3: 072
+8.5: 074
+5.0: 08 080 081 0811 0812 0813 0814 082 083 0831 0832 0833 0834
+7.0: 084 0841 0842 085
+9.0: 086 0861 0862 0863 087 0871 0872 0873
+10.0: 0874
-2.0: 09 090 091 092 093 094
-5.0: 10 100 101 1011 1012 1013 1014 102 103 1031 1032 1033 1034 104 1041 1042 1043 1044
-5.0: 105 1051 1052 1053 1054 1055 1056 106 107 108
-2.0: 11 110 111 112 1121 1122 1123 1124 1125 113 114 115 116
-4.0: 12 120 121 1211 1212 1213 122 1221 1222 1223 1224 123 1231 1232 1233 1234
-4.0: 124 1241 1242 1243 1244 1245 1246
-5.0: 125 126 127 128 129
-6.0: 13
-4.4: 130
-5.8: 131 1311 1312 1313 132 1321 1322 1323 1324 133 134 135
-7.0: 136 137 138 1381 1382 1383 1384 1385 139
-6.5: 14 140 141 1411 1412 1413 1414 142 1421 1422 1423 1424 143 1431 1432 1433 1434
-7.5: 144 1441 1442 1443 1444 145 1451 1452 1453 1454
-7.2: 15 150 151 152 153 154
-4.0: 16 160 161
-5.6: 162 1621 1622 1623
-8.0: 163
-6.5: 164
-7.0: 165 166 1661 1662 1663
-7.0: 17 170
-9.2: 171 1711 1712
-5.0: 172 1721 1722 1723 1724 173 174
-9.0: 175
-9.0: 18 180 181 1821 1822
-9.5: 182
-10.0: 1823 183 1831 1832 1833 186
-8.0: 184 185
-10.0: 19 190 193 194 195
-9.5: 191 192 196
-10.0: 20 200 202 203 204 2041 2042
-9.5: 201
"""


# Source: Goldstein (1992), J. Conflict Resolution 36(2), as in R package events, weis.goldstein.scale.
_WEIS_GOLDSTEIN = """
010 1.0; 011 0.6; 012 0.6; 013 2.0; 014 3.0; 015 5.0; 020 0.0; 021 -0.1; 022 -0.4; 023 -0.2; 024 0.4; 025 0.0;
026 1.0; 027 -2.0; 030 1.0; 031 1.0; 032 1.9; 033 2.8; 034 1.0; 040 3.5; 041 3.4; 042 3.6; 043 3.8; 050 4.0;
051 4.5; 052 5.2; 053 4.5; 054 2.8; 055 4.5; 060 2.0; 061 1.8; 062 2.5; 063 -1.1; 064 5.4; 065 2.9; 066 1.9;
067 3.5; 070 7.0; 071 7.4; 072 8.3; 073 6.5; 080 6.0; 081 6.5; 082 3.0; 083 6.0; 084 10.0; 090 3.0; 091 0.1;
092 3.4; 093 3.4; 094 -0.1; 095 1.2; 096 -0.3; 097 -0.3; 100 0.5; 101 1.5; 102 -0.1; 110 -4.0; 111 -4.0; 112 -4.0;
113 -5.0; 120 -2.0; 121 -2.2; 122 -3.4; 123 -1.0; 131 -1.9; 132 -2.4; 133 -1.0; 140 -1.0; 141 -0.9; 142 -1.1;
150 -4.9; 151 -4.0; 152 -5.0; 160 -3.0; 161 -3.0; 162 -3.0; 170 -6.0; 171 -4.4; 172 -5.8; 173 -7.0; 174 -6.9;
180 -6.0; 181 -5.2; 182 -7.6; 190 -4.0; 191 -2.2; 192 -4.1; 193 -5.6; 194 -3.8; 195 -7.0; 196 -6.0; 197 -5.0;
198 -4.0; 200 -5.0; 201 -5.0; 202 -4.9; 203 -5.0; 210 -5.0; 211 -9.2; 212 -4.4; 213 -9.0; 220 -9.0; 221 -8.3;
222 -8.7; 223 -10.0; 224 -7.0; 225 -9.0; 226 -8.0
"""


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# The longest prefix of a code decides. Source: PLOVER's manual and code base. Embargoes (163) are COERCE there, and
# easing a hold on others (084 to 087, 0813, 0814) is RETREAT.
_CAMEO_ACTION = _pairs(f"""
01 {STATEMENT} 02 {APPEAL} 03 AGREE 04 CONSULT 05 SUPPORT 06 COOPERATE 07 AID
08 CONCEDE 0813 RETREAT 0814 RETREAT 084 RETREAT 085 RETREAT 086 RETREAT 087 RETREAT
09 ACCUSE 10 REQUEST 11 ACCUSE 12 REJECT 13 THREATEN 14 PROTEST 15 MOBILIZE
16 SANCTION 163 COERCE 17 COERCE 1712 ASSAULT 175 ASSAULT
18 ASSAULT 19 ASSAULT 191 COERCE 192 COERCE 20 ASSAULT
""")


# WEIS by root, each put where CAMEO puts the same act: proposals and requests are appeals, formal protests accuse,
# expulsions and broken relations are PLOVER's SANCTION. 181 is a demonstration without arms.
_WEIS_ACTION = _pairs(f"""
01 RETREAT 02 {STATEMENT} 03 CONSULT 04 SUPPORT 05 AGREE 06 COOPERATE 07 AID 08 AGREE 09 {APPEAL} 10 {APPEAL}
11 REJECT 12 ACCUSE 13 ACCUSE 14 REJECT 15 REQUEST 16 THREATEN 17 THREATEN 18 MOBILIZE 181 PROTEST
19 SANCTION 20 SANCTION 21 COERCE 22 ASSAULT
""")


def _cameo_class(root: int) -> str:
    if root <= 5:
        return VERBAL_COOPERATION
    if root <= 8:
        return MATERIAL_COOPERATION
    return VERBAL_CONFLICT if root <= 13 else MATERIAL_CONFLICT


def _weis_class(root: int) -> str:
    if root in (1, 6, 7):
        return MATERIAL_COOPERATION
    if root <= 10:
        return VERBAL_COOPERATION
    return VERBAL_CONFLICT if root <= 17 else MATERIAL_CONFLICT


def _by_prefix(code: str, table: Mapping[str, str]) -> str:
    return next(table[code[:n]] for n in range(len(code), 1, -1) if code[:n] in table)


@cache
def cameo() -> Mapping[str, CodedAct]:
    """Return all 312 CAMEO codes (20 roots, 292 codes of three or four digits) with what they mean.

    Notes
    -----
    Quad classes by root: 01–05, 06–08, 09–13, 14–20. Roots 01 and 02 have no type in PLOVER and are named STATEMENT
    and APPEAL. Values are `CAMEO_VERSION`'s; 13 stands at -6.0 though 130 stands at -4.4.
    Source: [beger-icews], [plover].

    Examples
    --------
    >>> len(cameo()), cameo()["163"].action, cameo()["163"].intensity
    (312, 'COERCE', -8.0)
    """
    table = {}
    for line in _CAMEO_GOLDSTEIN.split("\n"):
        value, _, codes = line.partition(":")
        for code in codes.split():
            action, class_ = _by_prefix(code, _CAMEO_ACTION), _cameo_class(int(code[:2]))
            table[code] = CodedAct(code, action, class_, float(value))
    return MappingProxyType(dict(sorted(table.items())))


@cache
def weis() -> Mapping[str, CodedAct]:
    """Return the WEIS codes that have a weight of their own, with what they mean.

    Notes
    -----
    Quad classes by root: 02–05 and 08–10 verbal cooperation; 01, 06, 07 material cooperation; 11–17 verbal conflict;
    18–22 material conflict. Source: [goldstein1992].

    Examples
    --------
    >>> len(weis()), weis()["223"].intensity, weis()["072"].class_
    (109, -10.0, 'material-cooperation')
    """
    table = {}
    for pair in _WEIS_GOLDSTEIN.split(";"):
        code, value = pair.split()
        action, class_ = _by_prefix(code, _WEIS_ACTION), _weis_class(int(code[:2]))
        table[code] = CodedAct(code, action, class_, float(value))
    return MappingProxyType(table)


@cache
def cameo_names() -> Mapping[str, str]:
    """Return the CAMEO codes of three and four digits by their names in small letters, as in ICEWS's Event Text.

    Examples
    --------
    >>> cameo_names()["engage in diplomatic cooperation"], "make public statement" in cameo_names()
    ('050', False)
    """
    table = (resources.files("detente") / "data" / "codes" / "cameo.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return MappingProxyType({row["name"].lower(): row["code"] for row in rows if len(row["code"]) > 2})


@cache
def with_zeros() -> Mapping[str, str]:
    """Return CAMEO codes of three and four digits by what is left of them when a number has lost its leading zeros.

    Notes
    -----
    No two codes are left with the same digits, and none is left with those of another code, once roots are out: 10 is
    010, since the root 10 is written 100.

    Examples
    --------
    >>> with_zeros()["10"], with_zeros()["190"], with_zeros()["211"]
    ('010', '190', '0211')
    """
    return MappingProxyType({code.lstrip("0"): code for code in cameo() if len(code) > 2})


def padded_code(code: str, codebook: str) -> str | None:
    """Return the code that a table of numbers has changed into this one, as 40.0 and 40 for 040; None if there is none.

    Examples
    --------
    >>> (
    ...     padded_code("40", "cameo"),
    ...     padded_code("112.0", "cameo"),
    ...     padded_code("31", "weis"),
    ...     padded_code("x", "weis"),
    ... )
    ('040', '112', '031', None)
    """
    plain = re.sub(r"\.0+$", "", code)
    if codebook == "cameo":
        return with_zeros().get(plain)
    plain = plain.zfill(3) if re.fullmatch("[0-9]{2,3}", plain) else ""
    return plain if plain in weis() or _fill(plain) is not None else None


def coded_act(code: str, codebook: str) -> CodedAct:
    """Return what a machine code means.

    Parameters
    ----------
    code : str
        A CAMEO code of two to four digits, or a WEIS code of three, leading zeros kept.
    codebook : str
        ``cameo`` or ``weis``.

    Returns
    -------
    CodedAct
        A three-digit WEIS code outside Goldstein's table whose root (01 to 22) is known stands at its root's value,
        that of code ``RR0``, or where that too is missing (root 13) the mean over the root, and is marked `filled`.

    Raises
    ------
    DataError
        If the codebook does not have the code.

    Examples
    --------
    >>> coded_act("0874", "cameo").intensity
    10.0
    >>> coded_act("229", "weis")
    CodedAct(code='229', action='ASSAULT', class_='material-conflict', intensity=-9.0, filled=True)
    """
    if codebook not in ("cameo", "weis"):
        raise DataError(
            Fault("not_one_of", "codebook of a machine code", got=codebook, choices=("cameo", "weis"))
        )
    found = cameo().get(code) if codebook == "cameo" else weis().get(code) or _fill(code)
    if found is None:
        raise DataError(code_fault(code, codebook))
    return found


def code_fault(code: str, codebook: str, where: str | None = None) -> Fault:
    """Return the fault of a code its codebook does not have.

    Examples
    --------
    >>> print(code_fault("36", "cameo"))
    code must be a CAMEO code as a string with its leading zeros, got 36. Did you mean 036?
    """
    table, known = ("CAMEO", cameo()) if codebook == "cameo" else ("WEIS", weis())
    zeros = "0" + code
    hint = {"hint": "nearest", "nearest": zeros} if zeros in known else suggest(code, known, known=False)
    return Fault("not_a_machine_code", "code", got=code, where=where, codebook=table, **hint)


def _fill(code: str) -> CodedAct | None:
    if not re.fullmatch("[0-9]{3}", code) or not 1 <= int(code[:2]) <= 22:
        return None
    root = code[:2]
    own = weis().get(root + "0")
    values = [act.intensity for act in weis().values() if act.code.startswith(root)]
    value = own.intensity if own else round(sum(values) / len(values), 3)
    return CodedAct(code, _by_prefix(code, _WEIS_ACTION), _weis_class(int(root)), value, filled=True)
