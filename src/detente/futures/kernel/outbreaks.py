"""Compiled outbreaks of the simulation kernel: days on which fighting breaks out, and how hard it is fought then.

As for the arithmetic, a change here changes `MATH` in `detente.futures.kernel.loop`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.base.compiled import compiled
from detente.events.hostilities import FIRST, SECOND
from detente.futures.kernel.arithmetic import ONE_BIT, PER_WORD, philox, unit

ARRIVAL_DRAWS, LULL_DRAWS = 6 << 16, 7 << 16
STRIKE_DRAWS = 6 << 16  # added to an event's stream
BLOWS = 1  # which call of the future's own says how hard it fights
HELD = np.float32(-40.0)  # a log rate below this is that of a channel held at zero


@compiled
def wait_for_outbreaks(hazards: Any, blows: Any, numbers: Any, k0: Any, k1: Any) -> Any:
    """Return each future's hazard, strikes of a side a day, time of its first outbreak, and how many it has drawn."""
    width = numbers.shape[0]
    hazard, blow, arrival = np.empty(width), np.empty(width), np.zeros(width)
    drawn = np.zeros(width, np.int64)
    for f in range(width):
        a, b, _, _ = philox(numbers[f], np.uint64(0), np.uint64(LULL_DRAWS), np.uint64(BLOWS), k0, k1)
        hazard[f] = hazards[np.int64(np.float64(a) * PER_WORD * hazards.shape[0])]
        blow[f] = blows[np.int64(np.float64(b) * PER_WORD * blows.shape[0])]
        next_outbreak(hazard, arrival, drawn, numbers, f, k0, k1)
    return hazard, blow, arrival, drawn


@compiled
def next_outbreak(hazard: Any, arrival: Any, drawn: Any, numbers: Any, f: Any, k0: Any, k1: Any) -> None:
    """Put a future's next outbreak after the last: the waiting time hangs on nothing that happens in the future."""
    a, b, _, _ = philox(numbers[f], np.uint64(drawn[f]), np.uint64(ARRIVAL_DRAWS), np.uint64(0), k0, k1)
    arrival[f] = arrival[f] - np.log(unit(a, b)) / hazard[f] if hazard[f] > 0.0 else np.inf
    drawn[f] += 1


@compiled
def break_out(
    today: Any, lanes: Any, hazard: Any, arrival: Any, drawn: Any, until: Any, raging: Any,
    numbers: Any, k0: Any, k1: Any,
) -> Any:  # fmt: skip
    """Let fighting break out where its time has come and no hostilities hold; return the time of the next of all."""
    soonest = np.inf
    for f in range(lanes):
        while arrival[f] < today + 1:
            if today >= until[f]:
                raging[f] = True
            next_outbreak(hazard, arrival, drawn, numbers, f, k0, k1)
        soonest = min(soonest, arrival[f])
    return soonest


@compiled
def rage(
    raging: Any, lanes: Any, blow: Any, blow_share: Any, strike_chance: Any, peace: Any, ceasefire: Any, law: Any,
    eta: Any, alarms: Any, numbers: Any, day: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Raise strikes to what an outbreak brings, and joint acts to the hazard of a ceasefire.

    Other acts keep their rates, and a channel held at zero stays so. Where no joint act can be a ceasefire, fighting
    dies down at the same hazard.
    """
    for f in range(lanes):
        if not raging[f]:
            continue
        peaceful = peace >= 0 and eta[peace, f] > HELD
        if not peaceful:
            a, b, _, _ = philox(numbers[f], day, np.uint64(LULL_DRAWS), np.uint64(0), k0, k1)
            raging[f] = unit(a, b) >= ceasefire[law[f]]
            if not raging[f]:
                continue
        for c in range(blow_share.shape[0]):
            if blow_share[c] > 0.0 and eta[c, f] > HELD:
                rate, strikes = np.exp(np.float64(eta[c, f])), blow[f] * blow_share[c]
                if strikes > rate * strike_chance[c]:
                    eta[c, f] = np.float32(np.log(rate * (1.0 - strike_chance[c]) + strikes))
                    alarms[c >> 5, f] |= ONE_BIT << np.uint32(c & 31)
        if peaceful:
            least = np.float32(np.log(ceasefire[law[f]])) if ceasefire[law[f]] > 0.0 else HELD
            if eta[peace, f] < least:
                eta[peace, f] = least
                alarms[peace >> 5, f] |= ONE_BIT << np.uint32(peace & 31)


@compiled
def draw_strike(
    act: Any, chance: Any, role: Any, first: Any, end: Any, strikes: Any, strike_chance: Any, rate: Any,
    word: Any, future: Any, day: Any, stream: Any, k: Any, k0: Any, k1: Any,
) -> Any:  # fmt: skip
    """Return the row of act k of a channel in an outbreak: a strike with chance ``strikes / rate``, if that is higher.

    A strike is one row or another with the chances that rows of strikes have among themselves, and so are other acts.
    """
    if strikes <= rate * strike_chance * 1.000001:
        return act
    a, b, _, _ = philox(future, day, stream + np.uint64(STRIKE_DRAWS), k, k0, k1)
    strike = unit(a, b) * rate < strikes
    left = (np.float64(word) + 0.5) * PER_WORD * (strike_chance if strike else 1.0 - strike_chance)
    for row in range(first, end):
        if (role[row] == FIRST or role[row] == SECOND) == strike and chance[row] > 0.0:
            act = row
            left -= chance[row]
            if left < 0.0:
                break
    return act
