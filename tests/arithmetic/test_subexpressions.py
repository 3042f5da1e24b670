from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.arithmetic import subexpressions
from qattn.arithmetic.ripple import signed_digits
from qattn.arithmetic.subexpressions import Sums, Term, beside, share_sums


def values(program: Sums, inputs: list[int]) -> list[int]:
    """The program's results on plain integers; a term of a signal that is not there yet is an IndexError."""
    signals = list(inputs)
    for terms in program.sums:
        signals.append(sum(sign * signals[signal] << shift for signal, shift, sign in terms))
    return [sum(sign * signals[signal] << shift for signal, shift, sign in terms) for terms in program.totals]


def adds_up(program: Sums, table: Any, bits: int, seed: int = 0) -> bool:
    """Whether the results are table @ u, on u all zero, all ones and random."""
    rng, r = np.random.default_rng(seed), np.shape(table)[1]
    for u in ([0] * r, [2**bits - 1] * r, [int(x) % 2**bits for x in rng.integers(0, 2**62, r)]):
        if values(program, u) != [sum(int(a) * x for a, x in zip(row, u, strict=True)) for row in table]:
            return False
    return True


def rows(seed: int, R: int, d: int, bits: int) -> Any:
    return np.random.default_rng(seed).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (R, d))


tables = st.integers(1, 8).flatmap(
    lambda r: st.lists(
        st.lists(st.sampled_from([0, 0, 1, -4, 85, -85, 255]) | st.integers(-300, 300), min_size=r, max_size=r),
        min_size=1,
        max_size=5,
    )
)


@given(tables, st.integers(1, 70), st.integers(0, 2**32))
@settings(deadline=None, max_examples=200)
def test_shared_sums_add_up(table: list[list[int]], bits: int, seed: int) -> None:
    program = share_sums(np.array(table), bits)
    assert adds_up(program, table, bits, seed)
    terms = [term for own in (*program.sums, *program.totals) for term in own]
    assert all(type(x) is int for term in terms for x in term)
    uses = np.bincount([term.signal for term in terms], minlength=len(table[0]) + len(program.sums))
    assert (uses[len(table[0]) :] > 1).all()  # what is used once stands where it is used
    assert len(terms) <= sum(len(signed_digits(a)) for row in table for a in row)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=6), st.integers(1, 64))
@settings(deadline=None, max_examples=100)
def test_any_int64_adds_up(row: list[int], bits: int) -> None:
    assert adds_up(share_sums(np.array(row), bits), [row], bits)


@pytest.mark.parametrize("row", [[2**61 - 1], [2**62], [-(2**63)], [2**60, 2**60, 2**60, 2**60], [5 * 2**59] * 2])
@pytest.mark.parametrize("bits", [1, 24, 63])
def test_weights_about_what_int64_holds(row: list[int], bits: int) -> None:
    assert adds_up(share_sums(np.array(row), bits), [row], bits)


def test_a_coefficient_beyond_int64_is_no_matter() -> None:
    row = np.array([3**60, 7], dtype=object)
    assert adds_up(share_sums(row, 5), [row], 5)


@pytest.mark.parametrize("table", [[[0, 0, 0]], [[0], [0]], [[1]], [[-8]], [[0, 0], [3, 3], [0, 0]], [[16, -16, 1]]])
def test_rows_with_next_to_nothing_to_share(table: list[list[int]]) -> None:
    program = share_sums(np.array(table), 4)
    assert adds_up(program, table, 4)
    if max(sum(len(signed_digits(a)) for a in row) for row in table) < 2:
        assert program.sums == ()


def test_equal_coefficients_share_their_digits() -> None:
    program = share_sums(np.array([85] * 8), 8)
    uses = sum(len(terms) for terms in (*program.sums, program.total))
    assert uses < 8 * len(signed_digits(85))


def test_equal_rows_are_added_once() -> None:
    row = rows(1, 1, 16, 6)[0]
    for copies in ([row, row], [row, 2 * row, -row]):
        program = share_sums(np.array(copies), 6)
        assert adds_up(program, copies, 6)
        assert [len(total) for total in program.totals] == [1] * len(copies)


def test_pairs_of_a_signal_with_itself_do_not_end_the_search() -> None:
    """a + 4a overlaps itself in 85 a; what other pairs gain is taken all the same."""
    table = [[0x5555, 0, 0, 0], [0, 3 * 37, 5 * 37, 7 * 37], [0, 3 * 41, 5 * 41, 7 * 41]]
    program = share_sums(np.array(table), 6)
    assert adds_up(program, table, 6)
    assert any(any(term.signal == 0 for term in own) for own in program.sums)
    assert any(all(0 < term.signal < 4 for term in own) for own in program.sums)


def test_the_same_rows_always_give_the_same_sums() -> None:
    table = rows(2, 3, 16, 6)
    first = share_sums(table, 6)
    share_sums(rows(3, 4, 16, 6), 6)
    assert share_sums(table.copy(), 6) == first


def test_beside_shares_nothing() -> None:
    table = rows(4, 3, 12, 6)
    program = beside([share_sums(row, 6) for row in table], 12)
    assert adds_up(program, table, 6)
    assert len(program.sums) == sum(len(share_sums(row, 6).sums) for row in table)


def test_too_many_digits_are_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = rows(5, 4, 13, 8)
    whole = share_sums(table, 8)
    monkeypatch.setattr(subexpressions, "MOST_PAIRS", 500)
    parts = share_sums(table, 8)
    assert parts != whole
    assert adds_up(parts, table, 8)
    monkeypatch.setattr(subexpressions, "MOST_PAIRS", 0)
    assert adds_up(share_sums(table, 8), table, 8)
    monkeypatch.undo()
    monkeypatch.setattr(subexpressions, "MOST_SIGNALS", 40)
    assert adds_up(share_sums(table, 8), table, 8)


@pytest.mark.parametrize(("R", "d", "bits", "key"), [(1, 64, 8, 8), (4, 64, 8, 24), (2, 64, 12, 24), (32, 24, 6, 6)])
def test_large_tables(R: int, d: int, bits: int, key: int) -> None:
    table = rows(6, R, d, bits)
    tracemalloc.start()
    program = share_sums(table, key)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert adds_up(program, table, key)
    assert peak < 1 << 27
    assert len(program.sums) > 0


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the digits: four times the pairs, and a quarter of the tries; at the end greedy alone."""
    asked = []
    real = subexpressions.common_pairs

    def watched(*arguments: Any) -> Any:
        asked.append(arguments[-1])
        return real(*arguments)

    monkeypatch.setattr(subexpressions, "common_pairs", watched)
    monkeypatch.setattr(subexpressions, "WORK", 40_000)
    for d in (4, 8, 16, 32, 64):
        share_sums(rows(7, 1, d, 8), 8)
    assert asked[0] == subexpressions.TRIES
    assert asked == sorted(asked, reverse=True)
    assert asked[-1] <= 2


def test_local_search_betters_greedy_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    def terms(program: Sums) -> int:
        return sum(len(own) for own in (*program.sums, *program.totals))

    table = rows(8, 6, 32, 6)
    searched = terms(share_sums(table, 6))
    monkeypatch.setattr(subexpressions, "TRIES", 0)
    assert searched < terms(share_sums(table, 6))


def test_terms_are_read_as_written() -> None:
    assert values(Sums(((Term(0, 0, 1), Term(1, 2, -1)),), ((Term(2, 1, 1),),)), [5, 1]) == [2]
    with pytest.raises(IndexError):
        values(Sums((), ((Term(2, 0, 1),),)), [5, 1])


def test_a_block_takes_some_times_as_long_as_its_rows() -> None:
    """Eight times the digits, eight times the tries: 64 times one row, or about eight times all of them alone."""
    table = rows(9, 8, 32, 6)
    share_sums(table, 6)

    def seconds(one: Any) -> float:
        start = time.perf_counter()
        share_sums(one, 6)
        return time.perf_counter() - start

    assert seconds(table) < 250 * min(map(seconds, table))
