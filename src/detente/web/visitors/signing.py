"""What the server signs, so that it knows again what it gave out: passes and forms."""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

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
    with suppress(FileExistsError):
        path.touch(0o600, exist_ok=False)
        path.write_bytes(secrets.token_bytes(_BYTES))
    found = path.read_bytes()
    if len(found) != _BYTES:  # another process has made it and not yet filled it, or it is damaged
        path.write_bytes(found := secrets.token_bytes(_BYTES))
    return Signer(found)
