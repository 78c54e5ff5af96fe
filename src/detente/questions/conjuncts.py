"""The parts of a question that all have to hold, each as a question of its own."""

from __future__ import annotations

from detente.questions.tokens import Reader


def conjuncts(line: str) -> tuple[str, ...]:
    """Return the parts of a line that `and` joins at its top level, each with the line's condition.

    Parameters
    ----------
    line : str
        A question that `parse_question` can read.

    Returns
    -------
    tuple of str
        Empty where nothing is joined so: a single statement, or alternatives.

    Raises
    ------
    QuestionError
        If the line holds what is no word of a question.

    Examples
    --------
    >>> conjuncts("A->B force within 30d and not war within 12m given war within 30d")
    ('A->B force within 30d given war within 30d', 'not war within 12m given war within 30d')
    >>> conjuncts("war within 12m or talks within 12m"), conjuncts("(war within 12m and talks within 12m)")
    ((), ())
    """
    depth, starts, end = 0, [0], len(line)
    stops = []
    for token in Reader(line).tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if depth or token.kind != "word" or line[token.at] == '"':
            continue
        if token.text == "or" and end == len(line):
            return ()
        if token.text == "given":
            end = token.at
        if token.text == "and" and end == len(line):
            stops.append(token.at)
            starts.append(token.at + len("and"))
    if not stops:
        return ()
    condition = line[end:].strip()
    parts = (line[a:b].strip() for a, b in zip(starts, [*stops, end], strict=True))
    return tuple(f"{part} {condition}".strip() for part in parts)
