"""What a reader must know before any number of a result, in sentences: the first line of every text and page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from detente.lab.too_little import FEW_ACTS, FEW_DAYS

if TYPE_CHECKING:
    from detente.lab.too_little import Caution


def caution_text(caution: Mapping[str, Any]) -> str:
    """Return a caution, given as plain values, as a sentence.

    Examples
    --------
    >>> caution_text({"code": "unstable", "spectral_radius": 1.3124})
    'A burst of acts grows from round to round (spectral radius 1.312): rely on no number here.'
    >>> caution_text({"code": "few_data", "days": 300, "acts": 7}).partition(": ")[2]
    'only 300 covered days and 7 acts between the principals are there to learn from.'
    """
    if caution["code"] == "unstable":
        radius = caution["spectral_radius"]
        return f"A burst of acts grows from round to round (spectral radius {radius:.3f}): rely on no number here."
    if caution["code"] == "blanks":
        places = "1 place" if caution["blanks"] == 1 else f"{caution['blanks']:,} places"
        return (
            f"FILL-IN still stands in {places} of the block {caution['block']}: what rests on these blanks of the "
            "template says nothing of this rivalry until you replace them."
        )
    days, acts = f"{caution['days']:,} covered days", f"{caution['acts']:,} acts between the principals"
    if caution["days"] >= FEW_DAYS:
        return f"The prior decides most of what follows: only {acts} are there to learn from, on {days}."
    if caution["acts"] >= FEW_ACTS:
        return f"The prior decides most of what follows: only {days} are there to learn from, with {acts}."
    return f"The prior decides most of what follows: only {days} and {acts} are there to learn from."


def first_lines(cautions: Iterable[Caution]) -> str:
    """Return the cautions of a result, each on a line that ends; empty for most results."""
    return "".join(f"{caution_text(caution.to_dict())}\n" for caution in cautions)


def add_to_cautions(value: dict[str, Any]) -> None:
    """Add to each caution of a result, given as plain values, its sentence."""
    for caution in value.get("cautions", ()):
        caution["sentences"] = {"caution": caution_text(caution)}
