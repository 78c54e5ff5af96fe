"""`detente mechanisms`: list what an argument can be built from."""

from __future__ import annotations

import json
from dataclasses import asdict

from detente.cli.options import AsJson
from detente.cli.output import write


def mechanisms(as_json: AsJson = False) -> None:
    """List the mechanisms an argument may use, with their terms and default priors."""
    from detente.model.mechanisms import mechanism_registry
    from detente.model.rivalries import rivalries
    from detente.model.shared_priors import shared_priors
    from detente.report.text.clocks import mechanisms_text_of

    if not as_json:
        write(mechanisms_text_of(mechanism_registry()))
        return
    many = rivalries()
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
                {
                    "name": t.name,
                    "says": t.says,
                    "mean": t.prior.mean,
                    "sd": t.prior.sd,
                    "source": t.source,
                    "rivalries": asdict(found) if (found := many.of(m.name, t.name)) else None,
                }
                for t in m.terms
            ],
        }
        for m in mechanism_registry().values()
    ]
    shared = [prior.to_dict() for prior in shared_priors()]
    table = {"source": many.source, "data_until": many.data_until.isoformat(), "digest": many.digest}
    everything = {"mechanisms": rows, "shared_priors": shared, "rivalries": table}
    write(json.dumps(everything, indent=2, ensure_ascii=False))
