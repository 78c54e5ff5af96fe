"""World priors: what many rivalries say of a coefficient, as a file an argument may start from."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from detente.base.errors import ArgumentError, Fault
from detente.base.input_files import unfit
from detente.base.input_limits import LIMITS, Limits

MOST = 20  # of a mean or a spread: more says nothing of a coefficient


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WorldTerm(_Part):
    """What the pairs of a world say of one coefficient.

    `mean` and `sd` are the normal prior of a new pair: `sd` holds both the doubt about the mean (`error`) and how far
    pairs lie apart (`between`).
    """

    mean: Annotated[float, Field(allow_inf_nan=False, ge=-MOST, le=MOST)]
    sd: Annotated[float, Field(allow_inf_nan=False, gt=0, le=MOST)]
    error: Annotated[float, Field(ge=0)]
    between: Annotated[float, Field(ge=0)]


class WorldPrior(_Part):
    """Priors of an argument's terms, estimated from many pairs, with what they were estimated from.

    An argument that uses one refuses any ``as_of`` up to `data_through`: the prior would know what was still to come.
    """

    made_by: Annotated[str, Field(max_length=2000)]
    data: dict[str, Any]
    data_through: date
    fast_half_life_days: Annotated[float, Field(gt=0)]
    terms: dict[str, WorldTerm] = Field(min_length=1)

    def known_at(self, as_of: date) -> dict[str, WorldTerm]:
        """Return the terms, ``mechanism.term`` by name, unless the prior has seen what comes after `as_of`.

        Raises
        ------
        ArgumentError
            If `as_of` is not later than all the prior was estimated from.
        """
        if as_of <= self.data_through:
            last, hint = self.data_through, "later_day_or_earlier_prior"
            raise ArgumentError(
                Fault("seen_by_prior", "as_of", got=as_of, where="world_prior", hint=hint, last=last)
            )
        return self.terms


def shipped() -> dict[str, Path]:
    """Return the world priors that come with the program, by name.

    Examples
    --------
    >>> sorted(shipped())
    ['icews-2018', 'levant-2011']
    """
    folder = Path(str(resources.files("detente"))) / "data" / "world"
    return {path.stem: path for path in sorted(folder.glob("*.json"))}


def read_world_prior(
    name: str, beside: Path, fast_half_life_days: float, limits: Limits = LIMITS
) -> WorldPrior:
    """Read a world prior by its name, or from a file beside the argument's.

    Parameters
    ----------
    name : str
    beside : path
        The argument's folder.
    fast_half_life_days : float
        The argument's fast clock: a slope means something only on the clock it was estimated with.
    limits : Limits
        How large the file may be.

    Raises
    ------
    ArgumentError
        If there is no such file, it is no world prior, or it was made on another clock.

    Examples
    --------
    >>> read_world_prior("icews-2018", Path(), 14.0).data_through
    datetime.date(2018, 10, 31)
    """
    path = shipped().get(name) or beside / name
    try:
        if fault := unfit(path, "world_prior", "yaml", limits.yaml):
            raise ArgumentError(fault)
        prior = WorldPrior.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        known, reason = tuple(shipped()), error.strerror or str(error)
        raise ArgumentError(
            Fault(
                "unreadable_prior",
                "world_prior",
                got=name,
                hint="write_prior_known",
                known=known,
                reason=reason,
            )
        ) from None
    except (ValueError, ValidationError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ArgumentError(
            Fault("not_a_prior", "world_prior", where=path.name, hint="write_prior", reason=reason)
        ) from None
    if prior.fast_half_life_days != fast_half_life_days:
        raise ArgumentError(
            Fault(
                "prior_of_other_clock",
                "world_prior",
                where=path.name,
                hint="write_prior_of_clock",
                half_life=float(fast_half_life_days),
                other=float(prior.fast_half_life_days),
            )
        )
    return prior
