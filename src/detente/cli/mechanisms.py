"""`detente mechanisms`: list what an argument can be built from."""

from __future__ import annotations

import json

from detente.cli.options import AsJson
from detente.cli.output import write


def mechanisms(as_json: AsJson = False) -> None:
    """List the mechanisms an argument may use, with their terms and default priors."""
    from detente.model.mechanisms import mechanism_registry
    from detente.model.shared_priors import shared_priors
    from detente.report.text.clocks import mechanisms_text_of

    if not as_json:
        write(mechanisms_text_of(mechanism_registry()))
        return
    rows = [
        {
            "name": m.name,
            "title": m.title,
            "says": m.says,
            "source": list(m.source),
            "example": m.example,
            "clocks": list(m.clocks),
            "settings": dict(m.settings),
            "facts": dict(m.facts),
            "terms": [
                {"name": t.name, "says": t.says, "mean": t.prior.mean, "sd": t.prior.sd, "source": t.source}
                for t in m.terms
            ],
        }
        for m in mechanism_registry().values()
    ]
    shared = [prior.to_dict() for prior in shared_priors()]
    write(json.dumps({"mechanisms": rows, "shared_priors": shared}, indent=2, ensure_ascii=False))
