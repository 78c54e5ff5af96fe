"""What moves an answer, in words: a coefficient, a level, a half-life."""

from __future__ import annotations

from detente.report.languages.language import _, word


def mover_text(name: str) -> str:
    """Return what is meant by more of a number that each future drew, such as a coefficient or a half-life.

    Examples
    --------
    >>> mover_text("asymmetry.force")
    'the coefficient of Asymmetry (pressure on the short side lowers its force; it is expected to be negative, so \
a higher value means a weaker effect)'
    >>> mover_text("half-life.fast"), mover_text("intercept.A -> B force")
    ('the half-life of the fast clock', 'the mean level of A -> B force')
    """
    from detente.model.mechanisms import mechanism_registry

    kind, __, what = name.partition(".")
    match kind:
        case "intercept":
            return _("the mean level of {channel}").format(channel=" ".join(map(word, what.split(" "))))
        case "era":
            return _("the level of the era {era}").format(era=" ".join(map(word, what.split(" "))))
        case "dispersion":
            return _("the dispersion of {cls}").format(cls=word(what.replace("_", " ").replace("-", " ")))
        case "half-life":
            return _("the half-life of the {clock} clock").format(clock=word(what))
    mechanism = mechanism_registry().get(kind)
    term = next((term for term in mechanism.terms if term.name == what), None) if mechanism else None
    if mechanism is None or term is None:
        return _("the coefficient {name}").format(name=name)
    said = (
        _(
            "the coefficient of {mechanism} ({says}; it is expected to be negative, so a higher value "
            "means a weaker effect)"
        )
        if term.prior.mean < 0
        else _("the coefficient of {mechanism} ({says})")
    )
    return said.format(mechanism=word(mechanism.title), says=word(term.says))
