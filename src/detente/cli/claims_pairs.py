"""``detente claims --pairs``: the claims of an argument judged on many pairs of one event file."""

from __future__ import annotations

from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import limits_of
from detente.cli.cluster_option import workers_given
from detente.cli.options import CaseOptions, RunOptions, day_of
from detente.cli.output import progress_bars, show
from detente.report.text.claims import pairs_text_of


def over_pairs(pairs: int, case: CaseOptions, run: RunOptions, cluster: str | None, *, as_json: bool) -> None:
    """Judge claims on the busiest pairs of an event file and print them."""
    from detente.lab.arguments import load_argument
    from detente.lab.case import load_chronicle
    from detente.studies.claims.over_pairs import claims_of_pairs

    workers = workers_given(run.threads, cluster)
    if case.events is None:
        raise ArgumentError(Fault("only_with", "pairs", got=pairs, hint="give_event_file", other="events"))
    allowed = limits_of(case.limits or ())
    chronicle = load_chronicle(
        events=case.events,
        codebook=case.codebook,
        skip_bad=case.skip_bad,
        limits=allowed,
    )
    with workers, progress_bars() as tell:
        result = claims_of_pairs(
            chronicle,
            load_argument(case.argument or "pairs", limits=allowed),
            pairs=pairs,
            as_of=day_of(run.as_of, "as_of"),
            threads=workers,
            progress=tell,
        )
    show(result, pairs_text_of, as_json=as_json)
