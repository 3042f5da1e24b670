"""The certificate: its stopping inequality recomputed over every integer count, and its promise by enumeration."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest

from qattn.search import certificate
from qattn.search import schedule as schedules
from qattn.search.certificate import CERTIFICATE, FALLBACK, Evidence, log_shares, next_plan
from qattn.search.covering import menu, price
from qattn.search.plan import falling_plan, miss_profile
from qattn.search.rotation import hit_probability
from qattn.search.schedule import Schedule

FEW = [(1, 0.3), (7, 0.3), (60, 1e-4), (1000, 0.01), (1024, 0.01), (4000, 0.01)]


TAIL = sum(t**-1.5 for t in range(2, 10**5)) + 2 * (10**5 - 0.5) ** -0.5  # of h


class Ledger:
    """log P(h | k) for k = 0..k_max by the plain formula, next to a schedule and without its code."""

    def __init__(self, schedule):
        self.n, self.delta, self.known = schedule.n, schedule.delta, 0
        self.k = np.arange(schedule.k_max + 1)
        self.log = np.zeros(schedule.k_max + 1)

    def misses(self, m):
        t = np.maximum(self.k - self.known, 0)
        return 2 * np.log(np.abs(np.cos((2 * m + 1) * np.arcsin(np.sqrt(t / self.n)))))

    def see(self, runs, hits, found):
        t = np.maximum(self.k - self.known, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            for (m, shots), hit in zip(runs, hits, strict=True):
                chance = np.sin((2 * m + 1) * np.arcsin(np.sqrt(t / self.n))) ** 2
                self.log += np.where(hit > 0, hit * np.log(chance), 0.0) + (shots - hit) * self.misses(m)
            for i in range(found if sum(hits) else 0):
                self.log += np.log(np.maximum(t - i, 0))
            self.log -= sum(hits) * np.log(np.maximum(t, 1))
        self.known += found

    def excess(self, left):
        """Most by which the inequality is broken, for any integer count, if all the runs left miss."""
        log = self.log + sum((left.count(m) * self.misses(m) for m in set(left)), np.zeros(self.k.size))
        f = self.known
        return float((log[f + 1 :] - log[f] - math.log(CERTIFICATE * self.delta) - shares(f, self.k.size - f)).max())


def shares(f, size):
    """log g(f, k) for k = f + 1, .., from the definition."""
    early, later = certificate.EARLY, certificate.LATER
    late = max(f - len(early) + 1, 0)
    spent = sum(early[:f]) + later * sum(t**-1.5 for t in range(2, late + 1)) / TAIL
    t = np.arange(1, size)
    g = np.where(t == 1, 1 - spent, early[f] if f < len(early) else later * t**-1.5 / TAIL)
    return np.log(g) + 1e-6  # the sum above is good to 1e-8


def random_search(rng, n, delta):
    """One search; after every run the inequality must hold for every integer once the runs left have missed too."""
    k_max = int(rng.choice([n, n // 2, min(n, 5), rng.integers(0, n + 1)]))
    k = min(k_max, int(rng.choice([0, 1, 2, 3, 5, 9, 20])))
    schedule = Schedule.start(n, k_max, delta, shots=int(rng.choice([1, 1, 1, 5, 100])))
    ledger, checks = Ledger(schedule), 0
    while not schedule.done:
        runs, hits, new = schedule.next(), [], set()
        left = k - schedule.found
        for m, shots in runs:
            hits.append(int(rng.binomial(shots, hit_probability(n, left, m))))
            new |= set(rng.integers(left, size=hits[-1]).tolist()) if hits[-1] else set()
        schedule = schedule.observe(runs, hits, len(new))
        ledger.see(runs, hits, len(new))
        if left > len(new) and rng.random() < 0.05:
            schedule = schedule.observe((), (), 1)  # told from elsewhere
            ledger.see((), (), 1)
        if schedule.fallback:
            plan = falling_plan(n, k_max, FALLBACK * delta)
            assert not set(schedule.left) - set(plan)
            assert miss_profile(n, k_max, plan).sum() <= FALLBACK * delta * (1 + 1e-12)
        elif schedule.found < k_max:
            assert ledger.excess(schedule.left) <= 1e-5
        checks += 1
    return checks


def test_the_inequality_holds_for_every_integer_after_every_run():
    rng = np.random.default_rng(1)
    assert sum(random_search(rng, *FEW[i % len(FEW)]) for i in range(50)) > 300


@pytest.mark.slow
def test_the_inequality_holds_in_a_thousand_searches():
    rng = np.random.default_rng(2)
    sizes, deltas = 2 ** rng.uniform(0, 16, size=1000), 10 ** rng.uniform(-6, -0.1, size=1000)
    checks = [random_search(rng, int(n), float(delta)) for n, delta in zip(sizes, deltas, strict=True)]
    assert sum(checks) > 10_000


def test_a_rule_too_loose_breaks_the_inequality(monkeypatch):
    loosen(monkeypatch, 4)
    rng = np.random.default_rng(1)
    with pytest.raises(AssertionError):
        sum(random_search(rng, 1000, 0.01) for _ in range(20))


@pytest.mark.parametrize("k_max", [1, 2, 7, 8, 300])
def test_the_shares_of_every_count_add_up_to_one(k_max):
    total = np.zeros(k_max + 1)
    for f in range(k_max):
        total[f + 1 :] += np.exp(log_shares(f, k_max - f))
    assert total[1:] == pytest.approx(1, abs=1e-12)


def chance_to_miss(schedule, k):
    """The exact probability that a one-shot search for k marked indices misses any; a sum over all paths."""
    if schedule.done:
        return float(schedule.found < k)
    [(m, shots)] = schedule.next()
    assert shots == 1
    p = hit_probability(schedule.n, k - schedule.found, m)
    total = (1 - p) * chance_to_miss(schedule.observe(((m, 1),), (0,), 0), k) if p < 1 else 0.0
    return total + (p * chance_to_miss(schedule.observe(((m, 1),), (1,), 1), k) if p > 0 else 0.0)


def chance_to_miss_in_batches(schedule, k):
    """The same for several shots a round: each shot misses or lands on one of the unknown indices."""
    if schedule.done:
        return float(schedule.found < k)
    runs = schedule.next()
    left = k - schedule.found
    shots = [i for i, (_, count) in enumerate(runs) for _ in range(count)]
    outcomes: dict[tuple[tuple[int, ...], int], float] = {}
    for where in itertools.product(range(left + 1), repeat=len(shots)):  # 0 is a miss
        chance, hits = 1.0, [0] * len(runs)
        for i, j in zip(shots, where, strict=True):
            p = hit_probability(schedule.n, left, runs[i][0])
            chance *= p / left if j else 1 - p
            hits[i] += j > 0
        key = (tuple(hits), len(set(where) - {0}))
        outcomes[key] = outcomes.get(key, 0.0) + chance
    return sum(
        chance * chance_to_miss_in_batches(schedule.observe(runs, hits, found), k)
        for (hits, found), chance in outcomes.items()
        if chance > 1e-9
    )


SMALL = [(1, 1), (2, 1), (2, 2), (3, 2), (8, 1), (8, 2), (13, 3), (64, 1), (64, 2), (256, 1)]


@pytest.mark.parametrize("delta", [0.01, 0.3])
@pytest.mark.parametrize(("n", "k"), SMALL)
def test_no_count_is_missed_more_often_than_the_bound(n, k, delta):
    start = Schedule.start(n, n, delta)
    assert chance_to_miss(start, k) <= start.miss_bound <= delta


def test_the_bound_is_not_idle():
    """Most of what is allowed is used, where the count is one and the search large enough to choose its runs."""
    assert chance_to_miss(Schedule.start(1024, 1024, 0.01), 1) >= 0.005


@pytest.mark.parametrize(("k", "delta"), [(1, 0.017), (1, 0.21)])
def test_a_certificate_four_times_too_loose_is_caught(monkeypatch, k, delta):
    loosen(monkeypatch, 4)
    assert chance_to_miss(Schedule.start(64, 64, delta), k) > delta


def loosen(monkeypatch, factor):
    """Plans and stops at a delta that much too large; the stored plans of before and after do not mix."""
    for room, kept in (
        (certificate, certificate.first_plan), (certificate, certificate.anchored_plans),
        (schedules, schedules.shared_plan),
    ):  # fmt: skip
        kept.cache_clear()
        monkeypatch.setattr(room, kept.__name__, kept.__wrapped__)
    monkeypatch.setattr(certificate, "CERTIFICATE", factor * CERTIFICATE)


@pytest.mark.parametrize(
    ("n", "k", "shots", "delta"), [(8, 1, 3, 0.1), (8, 2, 3, 0.1), (16, 2, 4, 0.3), (32, 3, 4, 0.5)]
)
def test_batches_miss_no_more_than_the_bound(n, k, shots, delta):
    start = Schedule.start(n, n, delta, shots=shots)
    assert chance_to_miss_in_batches(start, k) <= start.miss_bound


def patterns(hits, new):
    """In how many ways the hits fall on that many different indices, their names aside."""
    if new == 0 or hits == 0:
        return int(new == hits)
    return new * patterns(hits - 1, new) + patterns(hits - 1, new - 1)


@pytest.mark.parametrize("runs", [((2, 1),), ((0, 3),), ((3, 2), (1, 3))])
def test_the_chances_of_all_outcomes_of_a_round_add_up_to_one(runs):
    n, k_max, known = 32, 9, 2
    start = Evidence.start(n, k_max).after((), (), known)
    total = np.zeros(k_max - known + 1)
    for hits in itertools.product(*(range(shots + 1) for _, shots in runs)):
        ways = math.prod(math.comb(shots, hit) for (_, shots), hit in zip(runs, hits, strict=True))
        for new in range(min(sum(hits), k_max - known) + 1):
            if count := ways * patterns(sum(hits), new):
                total[new:] += count * np.exp(start.after(runs, hits, new).log)
    assert total == pytest.approx(1, abs=1e-12)


def test_what_is_told_from_elsewhere_is_no_evidence():
    seen = Evidence.start(64, 64).after(((3, 1), (1, 4)), (1, 2), 2)
    told = seen.after((), (), 3)
    assert told.found == 5
    assert np.array_equal(told.log, seen.log[3:])


def test_what_cannot_happen_is_never_a_proof():
    """One marked of four is found by one iteration with certainty; a miss after that contradicts everything."""
    n = 4
    lost = Evidence(n, 2, 0, np.array([-math.inf, -math.inf, -1.0]))
    everything = Evidence(n, 1, 0, np.array([-math.inf, -math.inf]))
    for evidence in (lost, everything):
        assert not evidence.certified(0.5)
        plan, fallback = next_plan(evidence, 0.5)
        assert fallback
        assert plan == falling_plan(n, evidence.k_max, FALLBACK * 0.5)


def test_more_finds_than_promised_end_the_search():
    for found in (3, 5):
        schedule = Schedule.start(100, 3, 0.01).observe((), (), found)
        assert schedule.done
        assert schedule.next() == ()
        assert schedule.observe((), (), 1).done


@pytest.mark.parametrize("lost", [0.5, 0.95, 1.0])
def test_a_noisy_machine_ends_too(lost):
    """Hits are verified, so noise only hides them: finds come late, against the evidence of misses that were none."""
    n, k, rng = 1024, 12, np.random.default_rng(int(10 * lost))
    for _ in range(5):
        schedule, queries = Schedule.start(n, n, 0.01), 0
        while not schedule.done:
            [(m, _)] = schedule.next()
            hit = int(rng.random() < (1 - lost) * hit_probability(n, k - schedule.found, m))
            schedule = schedule.observe(((m, 1),), (hit,), hit)
            queries += m
        assert queries <= 5 * math.sqrt(n) * (schedule.found + 1)


def test_misses_that_cannot_be_true_lead_to_the_fallback_and_not_to_ever_longer_plans():
    """A machine that loses every long run, as a noisy processor does, while two are marked; then they are told."""
    n = 1024
    schedule = Schedule.start(n, n, 0.01)
    for _ in range(10):
        schedule = schedule.observe(((17, 1),), (0,), 0)  # with two marked, each would hit with probability 0.999
    schedule = schedule.observe((), (), 2)
    assert schedule.found == 2
    assert not schedule.evidence.certified(CERTIFICATE * 0.01)
    assert schedule.evidence.contradicted
    assert schedule.fallback
    assert next_plan(schedule.evidence, 0.01) == (falling_plan(n, n, FALLBACK * 0.01), True)


@pytest.mark.parametrize(("n", "k_max", "delta"), [(1024, 512, 0.01), (4096, 4096, 1e-4), (2**16, 2**15, 0.01)])
def test_first_plans_meet_every_integer_and_cost_what_they_should(n, k_max, delta):
    plan = Schedule.start(n, k_max, delta).left
    with np.errstate(divide="ignore"):
        left = np.log(miss_profile(n, k_max, plan)) - log_shares(0, k_max)
    assert left.max() <= math.log(CERTIFICATE * delta)
    scaled = sum(plan) / math.sqrt(n)
    assert scaled <= 1.81 + 0.62 * math.log10(0.01 / delta)
    assert price(plan) < price(falling_plan(n, k_max, CERTIFICATE * delta))


def test_planning_a_whole_search_takes_less_than_planning_its_first_run():
    """Seconds differ between machines; the ratio to one uncached first plan of the same size does not."""
    n, k, rng = 1024, 16, np.random.default_rng(0)
    Schedule.start(n, n // 2, 0.01)
    started = time.process_time()
    for kept in (certificate.first_plan, certificate.stored_rows, certificate.anchored_plans, menu):
        kept.cache_clear()
    Schedule.start(n, n // 2, 0.01)
    first = time.process_time() - started
    spent = []
    for _ in range(5):
        schedule, planning = Schedule.start(n, n // 2, 0.01), 0.0
        while not schedule.done:
            started = time.process_time()
            [(m, _)] = schedule.next()
            hit = int(rng.random() < hit_probability(n, k - schedule.found, m))
            schedule = schedule.observe(((m, 1),), (hit,), hit)
            planning += time.process_time() - started
        spent.append(planning)
    assert np.median(spent) <= first


def test_how_likely_a_phase_is_the_last_follows_what_was_seen():
    n = 1024
    start = Evidence.start(n, n)
    after = start.after(((25, 1),) * 6, (0,) * 6, 0)
    assert start.chance_over < after.chance_over < 1
    assert (
        start.after(((0, 1),) * 3, (1,) * 3, 3).chance_over < 1e-4
    )  # three hits without an iteration: many are marked
    assert Evidence(n, 2, 0, np.array([-math.inf, -math.inf, -1.0])).chance_over == 0
    assert Evidence(n, 1, 0, np.array([-math.inf, -math.inf])).chance_over == 0


def test_a_plan_holds_however_little_is_spent_on_it():
    """From a start that does not hold, and for a phase that will hardly be the last."""
    evidence = Evidence.start(1024, 512).after(((0, 1),) * 3, (1,) * 3, 3)
    evidence = Evidence(1024, 512, 3, np.maximum(evidence.log, evidence.log.max() - 8))  # not contradicted
    assert evidence.chance_over < certificate.UNLIKELY
    for near in ((), (1,), (25, 24, 3)):
        plan, fallback = next_plan(evidence, 0.01, near)
        assert plan
        assert not fallback
        assert evidence.after([(m, 1) for m in plan], [0] * len(plan), 0).certified(CERTIFICATE * 0.01)


def test_the_fallback_stays_while_a_phase_is_far_from_over_and_no_longer():
    """A plan that is hardly ever worked through is not looked for anew; one that may be is."""
    n, delta = 1024, 0.01
    many = Evidence.start(n, 512).after(((0, 1),) * 3, (1,) * 3, 3)
    many = Evidence(n, 512, 3, np.maximum(many.log, many.log.max() - 8))
    assert many.far_from_over
    assert not many.contradicted
    whole = falling_plan(n, 512, FALLBACK * delta)
    assert next_plan(many, delta, whole[1:], fell=True) == (whole, True)
    assert not next_plan(many, delta, whole[1:])[1]
    last = Evidence.start(n, 512).after(((25, 1), (18, 1), (12, 1)), (0, 0, 0), 0)
    assert not last.far_from_over
    assert next_plan(last, delta, whole[1:], fell=True) == next_plan(last, delta, whole[1:])
