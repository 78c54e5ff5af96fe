"""The file of a first argument: every part with a comment that says what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from detente.base.days import Window
from detente.events.breaks import Break
from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.model.mechanisms import mechanism_registry
from detente.model.rivalries import rivalries
from detente.studies.drafting.actors import FEW, ProposedParty, others_of
from detente.studies.drafting.asked import OmittedQuestion, ProposedQuestion
from detente.studies.drafting.quiet import LEAST_DAYS, TIMES_MEAN, quiet_stretches
from detente.studies.drafting.templates import template

GENERATIONAL = "generational"
"""The clock of a memory of decades."""

_HYPOTHESES = (
    "# Hypotheses with their default priors, or with what many rivalries say of any two (`prior: rivalries`);\n"
    "# `detente mechanisms` says what each means and rests on.\n"
)
_CLOCKS = (
    "# Half-lives are fixed at 14, 365 and 7,305 days. To average over a grid instead:\n"
    "# clocks: {grid: {fast: [7, 14, 30], slow: [90, 365]}}\n"
)
_OMITTED = {
    "rare": "came true in fewer than 5 % of the windows of every length",
    "usual": "came true in more than 95 % of the windows of every length",
    "uneven": "came true in fewer than 5 % or more than 95 % of the windows of every length",
    "unsettled": "no earlier window settles: a column that it needs is empty",
    "both sides' dead": "of too many earlier windows cannot be told: the data count the dead of both sides together",
    "unclear": "of too many earlier windows cannot be told: of some acts a column that it needs is empty",
    "decided": "cannot come true: nothing of the kind happened lately, and it would have to become rarer still",
    "mirrored": "comes true just where the question before it does not: no number of acts lies between the two",
    "no meeting": "needs acts that both do together, and these data hold none: a meeting is two rows,\n"
    "# one each way, with the same date, action and summary, or one row of class joint",
    "no deaths": "needs deaths, and the column fatalities holds none",
}
_RUN = "# What `detente run` needs; its flags override this. The seed fixes every random number.\n"


@dataclass(frozen=True)
class Draft:
    """What an argument's file is written from; see `Proposal` for the fields they share.

    Attributes
    ----------
    known : Chronicle
    principals : pair of str
    as_of : date
    acts : int
        Between the two.
    breaks, offices, foes, targets, patrons
    events : str or None
        The event file that it names.
    with_ : tuple of str
        Blocks added as templates.
    dropped : dict of str to float
        Mechanisms left out, with the spectral radius of the fit that had them.
    """

    known: Chronicle
    principals: tuple[str, str]
    as_of: date
    acts: int
    breaks: tuple[Break, ...]
    offices: ProposedParty
    foes: dict[str, ProposedParty]
    targets: dict[str, ProposedParty]
    patrons: dict[str, str]
    events: str | None
    with_: tuple[str, ...]
    dropped: dict[str, float] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Days to run: a third of those covered, at least 30 and at most 365."""
        return min(365, max(30, self.known.coverage.days // 3))

    @property
    def back(self) -> int:
        """Months that *lately* means in a question."""
        return min(12, max(1, self.known.coverage.days // 60))

    def text(
        self, questions: Sequence[ProposedQuestion] = (), omitted: Sequence[OmittedQuestion] = ()
    ) -> str:
        """Return the file."""
        long = self.known.coverage.days >= 3653
        parts = [
            self._head(),
            self._parties(),
            _eras(self.breaks) + _gaps(quiet_stretches(self.known)),
            f"{_HYPOTHESES}mechanisms:\n{self._mechanisms(long)}",
            _CLOCKS,
            _questions(questions, omitted),
            f"{_RUN}run: {{as_of: {self.as_of.isoformat()}, days: {self.days}, futures: 500, seed: 1}}\n",
        ]
        mediator = self.offices.members[0] if self.offices.members else None
        first = questions[0].spec.id if questions else None
        principals = quoted(self.principals[0]), quoted(self.principals[1])
        named, joint = mediator and quoted(mediator), scheme_of(self.known.scheme).joint_class is not None
        parts += [template(name, principals, named, first, joint=joint) for name in self.with_]
        return "\n".join(parts)

    def _mechanisms(self, long: bool) -> str:
        """Return a line for each proposed mechanism; a memory of decades needs a long chronicle."""
        registry = mechanism_registry()
        third = bool(self.offices.members)
        proposed = sorted(
            (m.proposed, m.name)
            for m in registry.values()
            if m.proposed is not None and (third or not m.of_third_parties)
        )
        lines = []
        for _, name in proposed:
            if name in self.dropped:
                why = f"with it the fit feeds itself by {self.dropped[name]:.2f} from round to round; 1 is too much"
                lines.append(f"  # {name}: {{}}  # {why}\n")
            elif not long and GENERATIONAL in registry[name].clocks:
                lines.append(f"  # {name}: {{}}  # a memory of decades: these data are too short for it\n")
            else:
                lines.append(f"  {name}: {'{prior: rivalries}' if rivalries().knows(name) else '{}'}\n")
        return "".join(lines)

    def _head(self) -> str:
        known, (one, other) = self.known, self.principals
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{one}-{other}").strip("-")[:64]
        codes = known.count_by("source")["source"].to_list()
        own = [code for code in codes if any(code != end and code.startswith(end) for end in (one, other))]
        hint = ""
        if own:
            hint = (
                f"# Codes that begin like the principals act on their own here: {', '.join(own[:6])}. "
                "`detente import` folds officials into\n# their state, and its map any other.\n"
            )
        named = f"events: {quoted(self.events)}\n" if self.events is not None else ""
        return (
            f"# Proposed by `detente new {one} {other}` from {known.provenance.name}: {known.acts:,} acts known by "
            f"{self.as_of.isoformat()} ({known.coverage}),\n# {self.acts:,} of them between the two; data "
            f"{known.digest[:12]}. Nothing later was used. Every line is yours to change.\n"
            f"{hint}"
            f"argument: {name}\n"
            f"title: {one} and {other}, a first argument\n"
            f"{named}"
            f"principals: [{quoted(one)}, {quoted(other)}]\n"
        )

    def _parties(self) -> str:
        offices = self.offices
        parties: list[str] = []
        channels: list[str] = []
        if offices.members:
            why = (
                f"Acts coded as mediation ({', '.join(offices.modes) or 'by their code'}), toward either:"
                if offices.coded
                else "Turn to both, six acts in ten friendly or more; friendly acts toward the one that gets fewer:"
            )
            members = ", ".join(f"{m} {n}" for m, n in zip(offices.members, offices.acts, strict=True))
            parties.append(
                f"  # {why}\n  # {members}\n"
                f"  third-parties: {{members: [{', '.join(map(quoted, offices.members))}]}}"
            )
            modes = f", modes: [{', '.join(map(quoted, offices.modes))}]" if offices.modes else ""
            channels.append(
                "  - {name: good offices, source: third-parties, target: principals, role: cooperation_by_word, "
                f"includes: [cooperation_by_deed]{modes}}}"
            )
        for one, other in (self.principals, self.principals[::-1]):
            with_patron = [member for member in self.foes[one].members if member in self.patrons]
            alone = [member for member in self.foes[one].members if member not in self.patrons]
            called = {True: f"friends-of-{other}", False: f"foes-of-{one}"}
            for ally, those in ((True, with_patron), (False, alone)):
                if not those:
                    continue
                name = re.sub(r"[^A-Za-z0-9_-]+", "-", called[ally])
                parties.append(self._foes(name, those, one, other, ally))
                channels.append(f"  - {{source: {name}, target: {quoted(one)}, role: force}}")
                channels.append(f"  - {{source: {quoted(one)}, target: {name}, role: force}}")
        nobody = "" if offices.members else self._no_third_party()
        nobody += self._mere_targets()
        if not parties:
            return (
                f"{nobody}# Nobody is proposed who fights one of the two: that takes {FEW} acts of force, or a "
                "twentieth of the deaths.\n# docs/own-argument.md says how to write parties.\n"
            )
        return nobody + (
            "# Actors taken together, as the acts suggest them; the data do not know who sends whom.\nparties:\n"
            + "\n".join(parties)
            + "\n\n# Channels besides those between the two.\nchannels:\n"
            + "\n".join(channels)
            + "\n"
        )

    def _no_third_party(self) -> str:
        one, other = self.principals
        others = others_of(self.known, self.principals)
        if not others:
            return f"# No third party: nobody else acts on {one} or {other} in these data.\n"
        lines = "".join(
            f"#   {actor.code}: {actor.friendly[0]} of {actor.acts[0]} toward {one}, {actor.friendly[1]} of "
            f"{actor.acts[1]} toward {other}\n"
            for actor in others
        )
        return (
            "# No third party is proposed: no act is coded as mediation (column mode, or CAMEO 039 and 045), and\n"
            f"# nobody has {FEW} friendly acts toward each, six in ten of all. Friendly acts of those who did most to\n"
            f"# the two; if one of them mediates, name it:\n{lines}"
        )

    def _mere_targets(self) -> str:
        """Return a line on each of those that are struck and never strike; empty if there are none."""
        return "".join(
            f"# Left out: {member}, on which {one} acts with force ({acts:,} acts, {deaths:,} deaths) and which never "
            "acts with force\n# itself in these data. It is a target and no side, so no channel is proposed for it.\n"
            for one, party in self.targets.items()
            for member, acts, deaths in zip(party.members, party.acts, party.deaths, strict=True)
        )

    def _foes(self, name: str, members: list[str], one: str, other: str, ally: bool) -> str:
        party = self.foes[one]
        told = {m: (n, k) for m, n, k in zip(party.members, party.acts, party.deaths, strict=True)}
        counts = ", ".join(f"{m} {told[m][0]} ({told[m][1]:,} deaths)" for m in members)
        advice = (
            f"# Friendly acts tie them to {other}, as whose their strikes count. If {other} sends them, write "
            f"`side: {quoted(other)}` instead."
            if ally
            else f"# If their strikes are {other}'s, write `ally_of: {quoted(other)}`; if {other} sends them, "
            f"`side: {quoted(other)}`."
        )
        held = f", ally_of: {quoted(other)}" if ally else ""
        return (
            f"  # Fight {one} more than {other}; acts of force and the deaths in them: {counts}.\n"
            f"  {advice}\n"
            f"  {name}: {{members: [{', '.join(map(quoted, members))}]{held}}}"
        )


def quoted(code: str) -> str:
    """Return a code as YAML text that is read as text."""
    misread = code.lower() in ("no", "yes", "on", "off", "y", "n", "null", "true", "false")
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9./_-]*", code)
    return code if plain and not misread else '"' + code.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _eras(breaks: tuple[Break, ...]) -> str:
    if not breaks:
        return (
            "# No eras of coverage: the acts of others show no month from which twice or half as much is coded. With\n"
            "# few acts of others that says little.\n"
        )
    lines = [
        f"  - {{start: {b.start.isoformat()}, known_from: {b.known_from.isoformat()}}}  "
        f"# {b.before:,.1f} acts a month before, {b.after:,.1f} after"
        for b in breaks
    ]
    head = (
        "# From these days acts of others are coded at twice or half the density, for a year and more; known a year "
        "later.\n# A break found in counts may be the world's and not the coders': keep those that you can explain.\n"
        "eras:\n"
    )
    return head + "\n".join(lines) + "\n"


def _gaps(stretches: Sequence[Window]) -> str:
    """Return long stretches without any act as a block to take up, in comments."""
    if not stretches:
        return ""
    lines = "".join(
        f'#   - {{start: {one.start}, end: {one.end}, because: "FILL-IN: why nobody looked"}}  # {one.days:,} days\n'
        for one in stretches
    )
    return (
        f"\n# Stretches of {LEAST_DAYS} days or more, and {TIMES_MEAN} times the mean distance of two acts, without\n"
        "# any act. They count as quiet. If nobody looked on those days, say so (docs/phases.md):\n"
        f"# gaps:\n{lines}"
    )


def _questions(questions: Sequence[ProposedQuestion], omitted: Sequence[OmittedQuestion]) -> str:
    left = "".join(f"# Not asked: {kind.id}, which {_OMITTED[kind.why]}.\n" for kind in omitted)
    if not questions:
        return (
            "# No question of ours came true in 5 to 95 % of the windows of these data: see docs/questions.md for your "
            f"own.\n{left}"
        )
    lines = [
        f"  # {q.share:.0%} of {q.windows:,} earlier windows, which overlap: side by side {q.separate:,.0f} would fit\n"
        f'  - id: {q.spec.id}\n    text: "{q.spec.text}"\n    ask: "{q.spec.ask}"\n'
        for q in questions
    ]
    return (
        "# Each line is in the grammar of docs/questions.md; `detente ask` takes it too. Above each, how often it came "
        f"true in these data.\n{left}questions:\n" + "".join(lines)
    )
