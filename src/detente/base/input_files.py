"""What a user names to be read, looked at before it is opened: pipes and devices never end."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from detente.base.errors import Fault
from detente.base.input_limits import Limits


def unfit(path: Path, field: str, limit: str, most: int, hint: str = "give_file") -> Fault | None:
    """Return why a file must not be opened, or None.

    Parameters
    ----------
    path : Path
        A symbolic link stands for what it leads to.
    field : str
        What messages call the file.
    limit : str
        The limit that bounds its size, a name of `detente.base.input_limits.Limits`.
    most : int
        Its value, in bytes.
    hint : str
        For what is no regular file.

    Returns
    -------
    Fault or None
        If it is no regular file or too large.

    Raises
    ------
    OSError, ValueError
        If there is nothing to look at: no such file, links in a circle, a NUL byte in its name.

    Examples
    --------
    >>> print(unfit(Path("/dev/null"), "file", "yaml", 2_000_000))
    file must be a file, not a folder, a pipe or a device (/dev/null). Give the path of a file.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        return Fault("not_a_file", field, where=str(path), hint=hint)
    if found.st_size > most:
        return too_large(path, field, limit, most)
    return None


def too_large(path: Path | str, field: str, limit: str, most: int) -> Fault:
    """Return the fault of a file that holds, or unpacks to, more bytes than a limit allows."""
    return Fault("too_many_bytes", field, where=str(path), hint="raise_limit", most=most, limit=limit)


def raised(limits: Limits, limit: str) -> dict[str, Any]:
    """Return what an error about a limit says: how much there may be, and which limit to raise.

    Examples
    --------
    >>> raised(Limits(aliases=5), "aliases")
    {'hint': 'raise_limit', 'most': 5, 'limit': 'aliases'}
    """
    return {"hint": "raise_limit", "most": getattr(limits, limit), "limit": limit}
