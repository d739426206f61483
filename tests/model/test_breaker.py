from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from model.breaker import Breaker, RetryBudget

FAILURES, PAUSE = 3, 30.0


class BreakerMachine(RuleBasedStateMachine):
    """Calls begin, end well or badly, time passes; a plain account of it says what the breaker must do."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(FAILURES, PAUSE, lambda: self.now)
        self.row = 0
        self.opened_at: float | None = None
        self.trial = False
        self.under_way = 0

    @rule(seconds=st.sampled_from([1, 29, 30, 100]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def a_call_wants_through(self) -> None:
        due = self.opened_at is not None and self.now - self.opened_at >= PAUSE
        expected = self.opened_at is None or (due and not self.trial)
        assert self.breaker.allow() is expected
        if expected:
            self.under_way += 1
            self.trial = self.opened_at is not None

    @precondition(lambda self: self.under_way)
    @rule()
    def a_call_ends_well(self) -> None:
        self.under_way -= 1
        self.breaker.succeeded()
        self.row, self.opened_at, self.trial = 0, None, False

    @precondition(lambda self: self.under_way)
    @rule()
    def a_call_ends_badly(self) -> None:
        self.under_way -= 1
        self.breaker.failed()
        self.row += 1
        if self.trial or self.row >= FAILURES:
            self.opened_at = self.now
        self.trial = False

    @invariant()
    def the_state_says_so(self) -> None:
        if self.opened_at is None:
            assert self.breaker.state == "closed"
            assert self.row < FAILURES
        else:
            due = self.trial or self.now - self.opened_at >= PAUSE
            assert self.breaker.state == ("half-open" if due else "open")


TestBreaker = BreakerMachine.TestCase
TestBreaker.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


class BudgetMachine(RuleBasedStateMachine):
    """No minute ever holds more second tries than the budget, and none within it is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.budget = RetryBudget(4, lambda: self.now)
        self.taken: list[float] = []

    @rule(seconds=st.sampled_from([1, 7, 59, 60]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def one_is_taken(self) -> None:
        in_the_last_minute = sum(self.now - when < 60 for when in self.taken)
        assert self.budget.take() is (in_the_last_minute < 4)
        if in_the_last_minute < 4:
            self.taken.append(self.now)


TestBudget = BudgetMachine.TestCase
TestBudget.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_no_budget_means_no_second_try() -> None:
    assert not RetryBudget(0).take()


def test_three_failures_open_it_and_one_trial_closes_it() -> None:
    now = [0.0]
    breaker = Breaker(3, 30, lambda: now[0])
    for _ in range(3):
        assert breaker.allow()
        breaker.failed()
    assert (breaker.state, breaker.allow()) == ("open", False)
    now[0] = 30
    assert breaker.allow()
    assert not breaker.allow(), "one trial at a time"
    breaker.succeeded()
    assert (breaker.state, breaker.allow()) == ("closed", True)
