"""Who is reminded of what and when, and what may be said of it."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.errors import ConfigError, PromenadeError, SourceError
from edge_core.hub.after_visit.contacts import channel_of, one_spelling
from edge_core.hub.after_visit.deciding import (
    MOST_ITEMS,
    Left,
    arm_of,
    is_quiet,
    send_at,
    worth_reminding,
)
from edge_core.hub.after_visit.keys import ContactKeys, plain_code
from edge_core.hub.after_visit.lift import LEAST, Arms, lift, newcombe, wilson
from edge_core.hub.after_visit.purchases import read_file
from edge_core.hub.after_visit.settings import FILE, load_after_visit
from edge_core.hub.after_visit.webhook import judged_address, signature

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEYS = ContactKeys(bytes(32))


def test_a_person_is_in_the_same_arm_whenever_they_ask_and_the_share_is_kept():
    people = [KEYS.fingerprint(f"somebody{number}@mail.example") for number in range(4000)]
    held = [KEYS.chance(it) < 0.2 for it in people]
    assert held == [arm_of(KEYS.chance(it), 0.2) == "held-out" for it in people]
    low, high = wilson(sum(held), len(held), z=4.0)
    assert low < 0.2 < high
    others = ContactKeys(bytes([1] * 32))
    again = [others.chance(others.fingerprint(it)) < 0.2 for it in people]
    assert again != held  # another hub draws anew


@given(
    st.integers(0, 720 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    st.floats(0, 168),
    st.times(),
    st.times(),
)
def test_nobody_is_written_to_in_quiet_hours_or_before_the_wait_is_over(
    asked, wait_h, quiet_from, quiet_until
):
    quiet_until = quiet_until.replace(second=0, microsecond=0)
    at = send_at(asked, timedelta(hours=wait_h), BERLIN, quiet_from, quiet_until)
    waited = asked + timedelta(hours=wait_h)
    assert waited <= at <= waited + timedelta(hours=25)
    assert not is_quiet(at.astimezone(BERLIN).time(), quiet_from, quiet_until) or (
        at.astimezone(BERLIN).utcoffset() != waited.astimezone(BERLIN).utcoffset()
    )


def test_evening_waits_for_the_morning_by_the_shops_clock():
    evening = datetime(2026, 5, 4, 19, 30, tzinfo=UTC)  # half past nine in Berlin
    at = send_at(evening, timedelta(hours=24), BERLIN, time(20), time(9))
    assert at.astimezone(BERLIN) == datetime(2026, 5, 6, 9, 0, tzinfo=BERLIN)


def test_what_was_tried_comes_first_and_what_is_sold_out_not_at_all():
    lefts = [
        Left("looked", False, NOW, 3),
        Left("tried-long-ago", True, NOW - timedelta(days=14), 3),
        Left("tried", True, NOW, None),
        Left("sold-out", True, NOW, 0),
        Left("also", False, NOW - timedelta(days=1), 1),
    ]
    assert [it.gtin for it in worth_reminding(lefts, NOW)] == ["tried", "looked", "also"]
    assert len(worth_reminding(lefts, NOW)) == MOST_ITEMS
    assert worth_reminding([lefts[3]], NOW) == []


def test_newcombes_own_examples():
    # Newcombe (1998), table II, method 10: 56/70 against 48/80, and 9/10 against 3/10.
    for arms, low, high in (
        (Arms(70, 56, 80, 48), 0.0524, 0.3339),
        (Arms(10, 9, 10, 3), 0.1705, 0.8090),
    ):
        difference, found_low, found_high = newcombe(arms)
        assert difference == pytest.approx(
            arms.reminded_bought / arms.reminded - arms.held_bought / arms.held
        )
        assert (found_low, found_high) == pytest.approx((low, high), abs=5e-5)


def test_no_lift_is_told_of_few_people_or_when_chance_explains_it():
    assert lift([]) is None
    assert lift([Arms(LEAST, 9, LEAST - 1, 0)]) is None
    assert not lift([Arms(400, 40, 100, 9)]).is_told_apart
    strong = lift([Arms(4000, 480, 1000, 80)])
    assert strong.is_told_apart
    assert strong.purchases == pytest.approx(160)
    assert strong.purchases_low < 160 < strong.purchases_high


def test_a_holdout_that_was_changed_does_not_make_a_lift():
    # Reminders do nothing; in the second month people buy twice as often and fewer are held out.
    months = [Arms(500, 50, 500, 50), Arms(900, 180, 100, 20)]
    pooled, _, _ = newcombe(Arms(1400, 230, 600, 70))
    assert pooled > 0.04
    assert lift(months).difference == pytest.approx(0.0)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, held = Random(5), 0
    for _ in range(400):
        bought = [
            sum(rng.random() < share for _ in range(count))
            for share, count in ((0.12, 300), (0.08, 80))
        ]
        found = lift([Arms(300, bought[0], 80, bought[1])])
        held += found.low <= 0.04 <= found.high
    assert wilson(held, 400)[1] > 0.95 > wilson(held, 400)[0] - 0.03


def test_links_are_for_one_use_and_one_hub():
    link = KEYS.link("stop", "someone")
    assert KEYS.linked("stop", link) == "someone"
    assert KEYS.linked("confirm", link) is None
    assert ContactKeys(bytes([7] * 32)).linked("stop", link) is None
    for bad in ("", "someone", "someone.", link + "x", "anyone." + link.partition(".")[2], "x.é"):
        assert KEYS.linked("stop", bad) is None


def test_a_sealed_contact_opens_for_its_own_opt_in_only():
    sealed = KEYS.seal("a@b.example", "one")
    assert b"a@b.example".hex() not in sealed
    assert KEYS.unseal(sealed, "one") == "a@b.example"
    with pytest.raises(SourceError):
        KEYS.unseal(sealed, "two")
    assert plain_code(f" {KEYS.code('x')[:4].lower()}-{KEYS.code('x')[4:]} ") == KEYS.code("x")


@pytest.mark.parametrize(
    ("typed", "kept", "channel"),
    [
        (" Ann.Lee@Mail.Example ", "ann.lee@mail.example", "email"),
        ("0049 170 / 123-4567", "+491701234567", "sms"),
        ("+86 138 0013 8000", "+8613800138000", "sms"),
        ("ann@localhost", "ann@localhost", None),
        ("a@b.example\r\nBcc: c@d.example", "a@b.example\r\nbcc: c@d.example", None),
        ("0170 1234567", "01701234567", None),
        ("<a@b.example>", "<a@b.example>", None),
        (f"{'a' * 60}@{'b.' * 30}example", "", None),
    ],
)
def test_contacts_have_one_spelling_and_nothing_hides_in_them(typed, kept, channel):
    assert one_spelling(typed) == kept
    assert channel_of(kept) == channel


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "::1",
        "fd00::1",
        "0.0.0.0",
        "100.64.0.1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_a_webhook_goes_to_no_private_address_unless_told_to(host):
    with pytest.raises(PromenadeError, match="private network"):
        judged_address(host, 443, allow_private=False)
    assert judged_address(host, 443, allow_private=True) == host


def test_the_signature_covers_time_and_body():
    first = signature(b"secret", 1, b"{}")
    assert (
        len(
            {
                first,
                signature(b"secret", 2, b"{}"),
                signature(b"secret", 1, b"{ }"),
                signature(b"other", 1, b"{}"),
            }
        )
        == 4
    )


def test_a_file_of_purchases_names_its_mistake(tmp_path):
    path = tmp_path / "purchases.csv"
    head = "id,time_utc,code,contact\n"
    path.write_text(
        f"{head}1,2026-05-04T10:00:00Z,ABCD EFGH,\n2,2026-05-04T11:00:00Z,,A@B.example\n"
    )
    one, two = read_file(path)
    assert (one.code, two.contact) == ("ABCD EFGH", "a@b.example")
    for text, told in ((f"{head}1,yesterday,,\n", "line 2, time_utc"), ("id\n1\n", "time_utc")):
        path.write_text(text)
        with pytest.raises(SourceError, match=told):
            read_file(path)


WRITTEN = 'address = "https://list.shop.example"\ncontroller = "The Shop, privacy@shop.example"\n'


def test_settings_tell_every_mistake_and_leave_one_way_out(tmp_path):
    assert load_after_visit(tmp_path) is None
    (tmp_path / FILE).write_text(WRITTEN)
    assert not load_after_visit(tmp_path).reminds
    both = '[webhook]\nurl = "https://m.example/x"\nsecret = "s"\n'
    (tmp_path / FILE).write_text(WRITTEN + both)
    assert load_after_visit(tmp_path).webhook.secret == tmp_path / "s"
    for more, told in (
        (both + "[csv]\n", "one of the two"),
        ('[webhook]\nurl = "http://m.example/x"\nsecret = "s"\n', "in the clear"),
        ("holdout = 0.0\n", "greater than or equal to 0.05"),
        ('timezone = "Mars/Olympus"\n', "no time zone"),
        ("colour = 1\n", "Extra inputs"),
        ("= 1\n", "cannot be read"),
    ):
        (tmp_path / FILE).write_text(WRITTEN + more)
        with pytest.raises(ConfigError, match=told):
            load_after_visit(tmp_path)
