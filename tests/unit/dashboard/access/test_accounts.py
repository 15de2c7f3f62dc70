import sqlite3

import pytest

from edge_core.clock import ManualClock
from edge_core.config import AccessConfig
from edge_core.dashboard.access.accounts import AccountError, Accounts, Role, What, accounts_path
from edge_core.dashboard.access.passwords import hashed, matches, weakness
from edge_core.dashboard.access.throttle import LONGEST_S, Failures
from edge_core.errors import PromenadeError
from edge_core.units import NS_PER_S

PASSWORD = "eleven coats on a rail"
HERE = "127.0.0.1"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def accounts(tmp_path, clock):
    with Accounts(tmp_path / "a.db", clock, AccessConfig(idle_minutes=30)) as made:
        made.set_first_password(PASSWORD)
        yield made


def pass_s(clock, seconds):
    clock.advance_ns(round(seconds * NS_PER_S))


def test_only_one_first_password_can_be_set(accounts):
    assert not accounts.set_first_password("another long password")
    assert accounts.sign_in("operator", "another long password", HERE) is None


def test_neither_password_nor_token_can_be_read_from_the_file(accounts):
    token = accounts.sign_in("operator", PASSWORD, HERE)
    accounts.close()
    kept = b"".join(path.read_bytes() for path in accounts.path.parent.iterdir())
    assert PASSWORD.encode() not in kept
    assert token.encode() not in kept
    assert b"$argon2id$" in kept


def test_the_file_is_for_its_owner_alone(accounts):
    assert accounts.path.stat().st_mode & 0o077 == 0


def test_a_session_ends_when_nothing_is_touched_for_a_while(accounts, clock):
    token = accounts.sign_in("operator", PASSWORD, HERE)
    for _ in range(5):
        pass_s(clock, 29 * 60)
        assert accounts.session(token, touch=True).name == "operator"
    pass_s(clock, 29 * 60)
    assert accounts.session(token, touch=False) is not None
    pass_s(clock, 2 * 60)
    assert accounts.session(token, touch=True) is None


def test_a_session_ends_after_its_longest_time_however_busy(accounts, clock):
    token = accounts.sign_in("operator", PASSWORD, HERE)
    for _ in range(12 * 60 // 20 + 1):
        pass_s(clock, 20 * 60)
        alive = accounts.session(token, touch=True)
    assert alive is None


def test_a_new_password_ends_the_sessions_of_the_old_one(accounts):
    token = accounts.sign_in("operator", PASSWORD, HERE)
    accounts.set_password("operator", "twelve coats on a rail")
    assert accounts.session(token, touch=True) is None
    assert accounts.sign_in("operator", "twelve coats on a rail", HERE) is not None


def test_somebody_removed_is_signed_out_and_the_last_operator_stays(accounts):
    accounts.add("mei", Role.STAFF, "fitting rooms and tea")
    token = accounts.sign_in("mei", "fitting rooms and tea", HERE)
    assert accounts.session(token, touch=True).role is Role.STAFF
    accounts.remove("mei")
    assert accounts.session(token, touch=True) is None
    with pytest.raises(AccountError, match="last operator"):
        accounts.remove("operator")


@pytest.mark.parametrize("name", ["", "two words", "<b>", "a" * 41, "operator"])
def test_unusable_and_taken_names_are_refused(accounts, name):
    with pytest.raises(AccountError):
        accounts.add(name, Role.STAFF, PASSWORD)


def test_guessing_becomes_slow_and_the_right_password_has_to_wait_too(accounts, clock):
    waits = []
    for _ in range(8):
        assert accounts.sign_in("operator", "wrong wrong wrong", HERE) is None
        waits.append(accounts.wait_s("operator", HERE))
        pass_s(clock, waits[-1])
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32]
    assert accounts.sign_in("operator", "wrong wrong wrong", HERE) is None
    assert accounts.sign_in("operator", PASSWORD, HERE) is None
    assert accounts.sign_in("operator", PASSWORD, "10.0.0.9") is None
    pass_s(clock, 64)
    assert accounts.sign_in("operator", PASSWORD, HERE) is not None
    assert accounts.wait_s("operator", HERE) == 0


def test_one_address_is_slowed_whichever_names_it_tries(accounts):
    for name in ("anna", "ben", "chao"):
        assert accounts.sign_in(name, "wrong wrong wrong", "10.0.0.9") is None
    assert accounts.wait_s("operator", "10.0.0.9") > 0
    assert accounts.wait_s("operator", HERE) == 0


def test_attempts_during_the_wait_do_not_prolong_it(accounts, clock):
    for _ in range(4):
        accounts.sign_in("operator", "wrong wrong wrong", HERE)
    before = accounts.wait_s("operator", HERE)
    for _ in range(50):
        accounts.sign_in("operator", "wrong wrong wrong", HERE)
    assert accounts.wait_s("operator", HERE) == before


def test_the_wait_has_an_end_and_is_not_lengthened_by_a_clock_set_back():
    failures = Failures(1000, 10_000 * NS_PER_S)
    assert failures.wait_s(10_000 * NS_PER_S) == LONGEST_S
    assert failures.wait_s(0) == LONGEST_S


def test_old_lines_of_the_log_are_forgotten(accounts, clock):
    accounts.note("operator", HERE, What.PAGE, "/items")
    pass_s(clock, 89 * 86_400)
    accounts.note("operator", HERE, What.EXPORT, "counts.csv")
    accounts.clear_old()
    assert [line.detail for line in accounts.log()] == ["counts.csv", "/items"]
    pass_s(clock, 2 * 86_400)
    accounts.clear_old()
    assert [line.detail for line in accounts.log()] == ["counts.csv"]


def test_a_file_of_another_program_or_a_newer_one_is_left_alone(tmp_path, clock):
    path = accounts_path(tmp_path / "promenade.db")
    assert path.name == "promenade-accounts.db"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA user_version = 9")
    made.close()
    with pytest.raises(PromenadeError, match="newer Promenade"):
        Accounts(path, clock)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "length"),
        ("x" * 201, "length"),
        ("aaaaaaaaaaaaaaa", "easy"),
        ("my operator pass", "easy"),
        ("春夏秋冬春夏秋冬东南西北", None),
        (PASSWORD, None),
    ],
)
def test_a_password_must_be_long_and_not_plain(password, why):
    assert weakness(password, "operator") == why


def test_the_same_signs_typed_on_another_keyboard_are_the_same_password():
    kept = hashed("caf\u00e9 am rande der stadt")
    assert matches("cafe\u0301 am rande der stadt", kept)
    assert not matches("cafe am rande der stadt", kept)
    assert not matches("anything at all", None)
