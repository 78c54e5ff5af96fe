"""What a type checker must refuse, or types say nothing: each line marked `wrong` holds one mistake."""

from __future__ import annotations

import detente


def mistakes() -> None:
    """Make them."""
    case = detente.load_case("us-iran")
    detente.run(case, futures="many")  # wrong
    detente.run(2020)  # wrong
    detente.load_case(rivalri="us-iran")  # wrong
    detente.report_on(case).nothing()  # wrong
    detente.ask(case, "war within 24m").asked[0].answer.probability.upper()  # wrong
