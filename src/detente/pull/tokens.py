"""The token that a source is asked with: given, or had for a user and a password and renewed as it expires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from detente.base import clock
from detente.base.errors import ArgumentError, DataError, Fault
from detente.pull.client import Client, RefusedError
from detente.pull.declared import Credentials, DataSource
from detente.pull.secrets import PREFIX, Secrets

_EARLY = 60.0  # seconds before its end at which a token is renewed


@dataclass
class AccessToken:
    """What goes into the header of each request to a source.

    Parameters
    ----------
    source : DataSource
        One with credentials.
    base : str
        What its addresses begin with.
    secrets : Secrets
    client : Client
    seconds : callable
        A clock that never goes back.
    """

    source: DataSource
    base: str
    secrets: Secrets
    client: Client
    seconds: Callable[[], float] = clock.seconds
    _access: str | None = field(default=None, init=False, repr=False)
    _refresh: str | None = field(default=None, init=False, repr=False)
    _until: float = field(default=0.0, init=False, repr=False)

    @property
    def _wanted(self) -> Credentials:
        if self.source.credentials is None:
            raise RuntimeError(self.source.source)
        return self.source.credentials

    def headers(self) -> dict[str, str]:
        """Return the header of a request, asking for a token or a new one if need be.

        Raises
        ------
        ArgumentError
            If no secret is known.
        DataError
            If the source takes neither token nor password.
        """
        wanted = self._wanted
        given = (self.secrets.get(wanted.token) or "").strip() or None
        if given is None:
            if self._access is None or self.seconds() >= self._until:
                self._ask()
            given = self._access or ""
        elif not given.isascii() or not given.isprintable() or " " in given:
            raise ArgumentError(Fault("not_a_token", f"{PREFIX}{wanted.token}"))
        return {wanted.header: f"{wanted.prefix}{given}"}

    def renewed(self) -> bool:
        """Return whether there is another token to try after one was refused; one that is given stays as it is."""
        if self.secrets.get(self._wanted.token) is not None or self._access is None:
            return False
        self._until = 0.0
        return True

    def refused(self, status: int) -> DataError:
        """Return the fault of a source that takes what it was given for nobody it knows."""
        return DataError(
            Fault(
                "credentials_refused",
                self._wanted.token if self.secrets.get(self._wanted.token) else str(self._wanted.user),
                where=self.base,
                hint="likely",
                status=status,
                cause=self.source.denied,
            )
        )

    def _ask(self) -> None:
        """Get a token: with the one for renewal if there is one, else with user and password."""
        if self._refresh is not None:
            renewal, self._refresh = self._refresh, None
            try:
                self._take({"grant_type": "refresh_token", "refresh_token": renewal})
            except (RefusedError, DataError):  # it has expired too
                self._access = None
            else:
                return
        wanted = self._wanted
        user, password = self.secrets.get(wanted.user), self.secrets.get(wanted.password)
        if not user or not password:
            raise ArgumentError(missing(self.source, wanted))
        try:
            self._take({"grant_type": "password", "username": user, "password": password})
        except RefusedError as error:
            raise self.refused(error.status) from None

    def _take(self, form: dict[str, str]) -> None:
        wanted = self._wanted
        address = urljoin(self.base, wanted.path or "")
        answer = self.client.json(
            address, form=form | ({"client_id": wanted.client} if wanted.client else {})
        )
        try:
            self._access = str(answer["access_token"])
            if not self._access.isascii() or not self._access.isprintable():
                raise ValueError
            self._until = self.seconds() + float(answer["expires_in"]) - _EARLY
        except (KeyError, TypeError, ValueError):  # not repeated: it may hold half of a token
            fault = Fault(
                "other_answer", address, reason="access_token", hint="see_page", page=self.source.page
            )
            raise DataError(fault) from None
        self._refresh = str(answer["refresh_token"]) if answer.get("refresh_token") else None
        self.client.secrets = Secrets(
            {**self.client.secrets.values, "access": self._access, "refresh": self._refresh or ""}
        )


def missing(source: DataSource, wanted: Credentials) -> Fault:
    """Return the fault of a source that is asked without what it wants to know."""
    names = tuple(PREFIX + name.replace(" and ", f" and {PREFIX}") for name in wanted.names)
    return Fault("no_credentials", source.source, hint="give_secrets", names=names, how=wanted.how)
