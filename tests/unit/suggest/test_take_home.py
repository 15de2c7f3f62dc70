"""A coupon in a QR code: complete, unchangeable, taken once."""

import multiprocessing
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge_core.errors import SourceError
from edge_core.suggest.counter import redeem
from edge_core.suggest.redeemed import Redeemed, Redemption
from edge_core.suggest.signing_key import signing_key
from edge_core.suggest.take_home import (
    MOST_BYTES,
    CouponOffer,
    CouponRefusedError,
    Refusal,
    TakeHome,
    nonce_from,
    read,
    shortened,
    sign,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
NOW = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
OFFER = CouponOffer("shoes-10", "10%", NOW + timedelta(hours=2), nonce_from(bytes(16)))
CONTENT = TakeHome("linden-court", "10 % 柳步鞋履", "Ground floor, 2 min: past the fountain", OFFER)
TEXT = sign(CONTENT, KEY)


def _refusal(call, *arguments, **options):
    with pytest.raises(CouponRefusedError) as refused:
        call(*arguments, **options)
    return refused.value


def test_what_was_signed_is_read_back():
    assert read(TEXT, "linden-court", PUBLIC) == CONTENT
    assert (
        read(f"  {TEXT.replace(chr(10), chr(13) + chr(10))}\n", "linden-court", PUBLIC) == CONTENT
    )


def test_it_says_in_plain_text_what_it_is_and_stays_small():
    assert "10 % 柳步鞋履" in TEXT
    assert "past the fountain" in TEXT
    longest = TakeHome(
        "m" * 40,
        shortened("店" * 100),
        shortened("way " * 100),
        CouponOffer("c" * 40, "1234567.00 EUR", NOW, nonce_from(bytes(16))),
    )
    assert len(sign(longest, KEY).encode()) <= MOST_BYTES


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("abcdefgh0123456789% ZXé\n"))
def test_any_change_is_refused(place, letter):
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    if changed == TEXT:
        return
    refused = _refusal(read, changed, "linden-court", PUBLIC)
    assert refused.refusal in (Refusal.ALTERED, Refusal.UNREADABLE, Refusal.OTHER_MALL)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text):
    assert _refusal(read, text, "linden-court", PUBLIC).refusal is Refusal.UNREADABLE


def test_another_mall_and_another_key_are_told_apart():
    assert _refusal(read, TEXT, "other", PUBLIC).refusal is Refusal.OTHER_MALL
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    assert _refusal(read, TEXT, "linden-court", stranger).refusal is Refusal.ALTERED


def test_a_part_with_a_line_break_is_not_signed():
    with pytest.raises(ValueError, match="one line"):
        sign(TakeHome("linden-court", "a\nb", "", None), KEY)


def test_a_coupon_is_taken_once_and_refused_with_when_and_where(tmp_path):
    taken = {"mall": "linden-court", "key": PUBLIC, "redeemed": Redeemed(tmp_path / "used.db")}
    assert redeem(TEXT, now_utc=NOW, till="till 2", **taken) == CONTENT
    again = {**taken, "redeemed": Redeemed(tmp_path / "used.db")}
    refused = _refusal(redeem, TEXT, now_utc=NOW + timedelta(minutes=3), till="till 1", **again)
    assert refused.refusal is Refusal.USED
    assert "used at till 2 on 2026-05-01 at 18:00 UTC" in refused.message


def test_expired_and_empty_ones_use_nothing_up(tmp_path):
    taken = {"mall": "linden-court", "key": PUBLIC, "redeemed": Redeemed(tmp_path / "used.db")}
    late = NOW + timedelta(hours=2, seconds=1)
    assert _refusal(redeem, TEXT, now_utc=late, **taken).refusal is Refusal.EXPIRED
    assert redeem(TEXT, now_utc=NOW, **taken)
    way = sign(TakeHome("linden-court", "", "Ground floor", None), KEY)
    assert _refusal(redeem, way, now_utc=NOW, **taken).refusal is Refusal.NO_COUPON


def _use(path, barrier, won):
    barrier.wait()
    if Redeemed(path).use(Redemption("n", "c", NOW, "", "")) is None:
        won.release()


def test_of_many_tills_at_once_one_takes_it(tmp_path):
    Redeemed(tmp_path / "used.db")
    context = multiprocessing.get_context("spawn")
    barrier, won = context.Barrier(4), context.Semaphore(0)
    tills = [
        context.Process(target=_use, args=(tmp_path / "used.db", barrier, won)) for _ in range(4)
    ]
    for till in tills:
        till.start()
    for till in tills:
        till.join(60)
    assert won.acquire(block=False)
    assert not won.acquire(block=False)


def _use_and_die(path):
    Redeemed(path).use(Redemption("n", "c", NOW, "", ""))
    os._exit(9)


def test_a_crash_right_after_taking_it_forgets_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    till = context.Process(target=_use_and_die, args=(tmp_path / "used.db",))
    till.start()
    till.join(60)
    assert till.exitcode == 9
    assert Redeemed(tmp_path / "used.db").use(Redemption("n", "c", NOW, "", "")) is not None


def test_what_the_service_was_not_told_yet_is_known(tmp_path):
    redeemed = Redeemed(tmp_path / "used.db")
    for nonce in "ab":
        redeemed.use(Redemption(nonce, "c", NOW, "", TEXT))
    redeemed.mark_told(["a"])
    assert [it.nonce for it in redeemed.untold()] == ["b"]


def test_a_file_of_something_else_is_named(tmp_path):
    (tmp_path / "used.db").write_text("no database, but long enough to look at" * 40)
    with pytest.raises(SourceError, match="redeem nothing here"):
        Redeemed(tmp_path / "used.db")


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "coupons.key"
    first = signing_key(path)
    assert signing_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert [it.name for it in tmp_path.iterdir()] == ["coupons.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        with pytest.raises(SourceError, match="chmod 600"):
            signing_key(path)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_damaged_key_is_named_and_not_replaced(tmp_path: Path, content: bytes):
    path = tmp_path / "coupons.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SourceError, match="new public key"):
        signing_key(path)
    assert path.read_bytes() == content
