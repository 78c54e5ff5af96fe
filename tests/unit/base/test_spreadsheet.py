"""Cells for spreadsheets."""

from hypothesis import given
from hypothesis import strategies as st

from detente.base.spreadsheet import prefixed, unprefixed


@given(st.text(alphabet="'=+-@\t\rab1", max_size=6) | st.text())
def test_a_cell_comes_back_and_never_begins_like_a_formula(cell):
    assert unprefixed(prefixed(cell)) == cell
    assert not prefixed(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(alphabet="'=ab", max_size=4))
def test_a_cell_without_a_prefix_is_read_as_it_is(cell):
    assert unprefixed(cell) in (cell, cell[1:])
    assert unprefixed(cell) == cell or prefixed(unprefixed(cell)) == cell
