"""What every part of an argument file is made of: strict types, no unknown fields, frozen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,31}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_ -]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Finite = Annotated[float, Field(allow_inf_nan=False, ge=-20, le=20)]
StandardDeviation = Annotated[float, Field(allow_inf_nan=False, ge=0.0001, le=20)]
RoleName = Literal[
    "cooperation_by_word", "cooperation_by_deed", "hostility_by_word", "pressure", "force", "talks"
]


class Spec(BaseModel):
    """Base of every part of an argument file: strict types, no unknown fields, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
