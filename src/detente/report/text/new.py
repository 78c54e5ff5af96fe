"""What `detente new` prints of a template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.drafting.shipped import Template


def template_text(template: Template, path: Path) -> str:
    """Return which of its questions and parties fit the events."""
    argument, questions = template.argument, template.questions
    unfit = [question for question in questions if not question.fits]
    principals = " and ".join(argument.principals or ())
    fit = f"{len(questions) - len(unfit)} of {len(questions)} questions came true in 5 to 95 % of the earlier windows"
    lines = [f"{path}: {principals} as of {argument.run.as_of}. {fit} of these events."]
    if unfit:
        shares = ", ".join(
            f"{q.id} (no window)" if q.share is None else f"{q.id} ({q.share:.0%})" for q in unfit
        )
        asked = ", ".join(each.spec.id for each in template.added) or "none"
        lines.append(f"Hardly questions in these events: {shares}. Proposed in their stead: {asked}.")
    if template.absent:
        lines.append(f"Parties of which nobody acts here: {', '.join(template.absent)}.")
    if argument.run.fit_from is not None:
        lines.append(
            f"It is fitted from {argument.run.fit_from} on: a fit to everything feeds itself without end."
        )
    if template.radius is not None and template.radius >= 1:
        lines.append(
            f"Its fit feeds itself by {template.radius:.2f} from round to round, and a run refuses 1 and more: take "
            "mechanisms out, or another day."
        )
    lines.append("Read it, change it, then:")
    return "\n".join(lines)
