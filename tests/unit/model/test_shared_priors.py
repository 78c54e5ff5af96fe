"""The priors that are printed are those in use, and each is explained."""

from __future__ import annotations

import numpy as np

from detente.model.compiler import compile_argument
from detente.model.learn_acts import BACKOFF
from detente.model.likelihood import Likelihood
from detente.model.shared_priors import SharedPrior, shared_priors
from detente.report.text.shared_priors import SAYS, law_text, prior_rows
from worlds import AS_OF, embedded, essay

PRIORS = {prior.name: prior for prior in shared_priors()}


def test_every_prior_is_explained_once() -> None:
    assert list(PRIORS) == list(SAYS)
    assert len(PRIORS) == len(shared_priors())
    assert all(law and says for _, law, says in prior_rows(shared_priors()))


def test_priors_printed_are_those_that_a_fit_uses() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    used = {
        (c.mechanism, " " in c.term): c.prior
        for c in program.coefficients
        if c.mechanism in ("intercept", "era")
    }
    shown = {
        ("intercept", True): PRIORS["intercept"],
        ("era", False): PRIORS["era"],
        ("era", True): PRIORS["era-of-channel"],
    }
    assert used.keys() == shown.keys()
    for kind, prior in used.items():
        assert (shown[kind].middle, shown[kind].spread) == (prior.mean, prior.sd)
    likelihood, beta = Likelihood(program), program.prior_mean
    centre = np.full(len(program.classes), np.log(PRIORS["dispersion"].middle or 0.0))
    wide = PRIORS["dispersion"].spread or 0.0

    def prior_at(log_alpha: np.ndarray) -> float:
        found = likelihood.evaluate(beta, log_alpha)
        return found.value - found.log_likelihood

    assert np.isclose(prior_at(centre) - prior_at(centre + wide), 0.5 * len(centre))
    assert PRIORS["look-of-an-act"].spread == BACKOFF


def test_laws_read_as_they_are() -> None:
    assert law_text(PRIORS["intercept"]) == "normal, mean −4, sd 3"
    assert law_text(PRIORS["half-life-fast"]) == "log-normal, median as declared, sd of the log 0.5"
    assert law_text(PRIORS["ceasefire"]) == "gamma, 1 imagined in 92 days"
    assert law_text(PRIORS["new-kind-discount"]) == "flat, 0 to 0.9"
    assert law_text(SharedPrior("kills", "beta", 0.5, 1.0)) == "beta, mean 0.5, 1 imagined act"
