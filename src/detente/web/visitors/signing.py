"""What the server signs, so that it knows again what it gave out: passes and forms."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signer:
    """A secret, and what is signed with it.

    Attributes
    ----------
    secret : bytes

    Examples
    --------
    >>> signer = Signer(b"secret")
    >>> signer.holds("pass", "a", signer.sign("pass", "a"))
    True
    >>> signer.holds("form", "a", signer.sign("pass", "a"))
    False
    """

    secret: bytes

    def sign(self, purpose: str, text: str) -> str:
        """Return the signature of a text for one purpose."""
        return hmac.new(self.secret, f"{purpose}\0{text}".encode(), sha256).hexdigest()

    def holds(self, purpose: str, text: str, signature: str) -> bool:
        """Return whether a signature is that of the text; the time this takes says nothing of it."""
        return hmac.compare_digest(self.sign(purpose, text).encode(), signature.encode())

    def bound(self, more: bytes) -> Signer:
        """Return a signer whose secret depends on something more: signatures of any other are worth nothing to it."""
        return Signer(hmac.new(self.secret, more, sha256).digest())


def signer_in(folder: Path) -> Signer:
    """Return the signer of a folder, whose secret is made at the first call, for its owner alone to read.

    Raises
    ------
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     signer_in(Path(folder)) == signer_in(Path(folder))
    True
    """
    path = folder / "secret"
    if not _is_whole(path):
        handle, made = mkstemp(dir=folder)  # with mode 600
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_bytes(_BYTES))
            try:
                os.link(
                    made, path
                )  # it is there whole or not at all: of servers that start at once one makes it
            except OSError:  # one is there, or the file system has no links
                if not _is_whole(path):
                    Path(made).replace(path)
        finally:
            Path(made).unlink(missing_ok=True)
    return Signer(path.read_bytes())


def _is_whole(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == _BYTES
