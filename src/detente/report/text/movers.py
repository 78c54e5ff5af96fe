"""What moves a question's answer, in the words of its mechanism in place of the coefficient's code."""

from __future__ import annotations

from detente.model.mechanisms import mechanism_registry


def mover_text(name: str) -> str:
    """Return what is meant by more of a number that each future drew, such as a coefficient or a half-life.

    Examples
    --------
    >>> mover_text("asymmetry.force")
    'the coefficient of Asymmetry (pressure on the short side lowers its force)'
    >>> mover_text("half-life.fast"), mover_text("intercept.A -> B force")
    ('the half-life of the fast clock', 'the mean level of A -> B force')
    """
    kind, _, what = name.partition(".")
    match kind:
        case "intercept":
            return f"the mean level of {what}"
        case "era":
            return f"the level of the era {what}"
        case "dispersion":
            return f"the dispersion of {what.replace('_', ' ').replace('-', ' ')}"
        case "half-life":
            return f"the half-life of the {what} clock"
    mechanism = mechanism_registry().get(kind)
    says = next((term.says for term in mechanism.terms if term.name == what), "") if mechanism else ""
    return (
        f"the coefficient of {mechanism.title} ({says})" if mechanism and says else f"the coefficient {name}"
    )
