"""The password of a server that others can reach: a file with its scrypt hash, made and read here."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from detente.base.errors import ArgumentError, Fault, OutputError

LEAST = 12
"""Characters that a password has at least."""
_COST = {"n": 2**15, "r": 8, "p": 1}
_MOST_MEMORY = 128 * 1024 * 1024
_SMALL = 4096  # bytes that the file has at most


@dataclass(frozen=True, slots=True)
class Password:
    """A password as its scrypt hash.

    Attributes
    ----------
    salt, digest : bytes
    """

    salt: bytes
    digest: bytes

    def fits(self, text: str) -> bool:
        """Return whether a text is the password; takes a tenth of a second and 32 MB, on purpose."""
        return hmac.compare_digest(_digest(text, self.salt), self.digest)


def make_password(text: str) -> Password:
    """Return a password's hash, with a salt of its own.

    Raises
    ------
    ArgumentError
        If it is too short.

    Examples
    --------
    >>> password = make_password("a long password")
    >>> password.fits("a long password"), password.fits("another")
    (True, False)
    """
    if len(text) < LEAST:
        raise ArgumentError(Fault("password_short", "password", low=LEAST))
    salt = secrets.token_bytes(16)
    return Password(salt, _digest(text, salt))


def write_password(path: Path, text: str) -> None:
    """Write a password's hash into a new file that its owner alone may read.

    Raises
    ------
    ArgumentError
        If the password is too short.
    OutputError
        If the file is there, or cannot be written.
    """
    made = make_password(text)
    value = {"scrypt": _COST, "salt": made.salt.hex(), "digest": made.digest.hex()}
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise OutputError(Fault("file_exists", "password_file", got=str(path), hint="other_file")) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(Fault("unwritable", "password_file", where=str(path), reason=reason)) from None
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")


def read_password(path: Path) -> Password:
    """Read a file that `write_password` wrote.

    Raises
    ------
    ArgumentError
        If it is none, or others may read it.
    """
    name = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _SMALL:
            raise ValueError
        if os.name == "posix" and status.st_mode & 0o077:
            raise ArgumentError(
                Fault("open_to_others", "password_file", where=name, hint="chmod_600", file=name)
            )
        value = json.loads(path.read_text("utf-8"))
        if value["scrypt"] != _COST:
            raise ValueError
        return Password(bytes.fromhex(value["salt"]), bytes.fromhex(value["digest"]))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ArgumentError(Fault("unreadable", "password_file", where=name, reason=reason)) from None
    except (ValueError, KeyError, TypeError):
        raise ArgumentError(
            Fault("password_file", "password_file", where=name, hint="make_password")
        ) from None


def _digest(text: str, salt: bytes) -> bytes:
    return hashlib.scrypt(text.encode(), salt=salt, maxmem=_MOST_MEMORY, **_COST)
