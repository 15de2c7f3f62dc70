"""The mirror's list in an address: whole for a phone, of no use once a bit of it was changed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge_core.suggest.list_link import (
    MOST_ITEMS,
    MOST_TOKEN,
    ListCoupon,
    Listed,
    ListRefusedError,
    ListTrouble,
    ShopList,
    key_id_of,
    list_token,
    read_list,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
COUPON = ListCoupon("coats-10", "10%", "外套九折" * 5, "a1b2c3d4", NOW, bytes(16), bytes(64))

gtins = st.integers(0, 10**14 - 1).map("{:014}".format)
lists = st.builds(
    ShopList,
    st.lists(st.builds(Listed, gtins, st.booleans()), min_size=1, max_size=MOST_ITEMS).map(tuple),
    st.integers(1, 60 * 24 * 90).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.binary(min_size=8, max_size=8),
    st.sampled_from((None, COUPON)),
)


@given(lists)
def test_what_is_signed_is_read_and_fits(content):
    token = list_token(content, KEY)
    assert read_list(token, [PUBLIC], NOW) == content
    assert key_id_of(token) == PUBLIC.public_bytes_raw()[:4].hex()
    assert len(token) <= MOST_TOKEN


@given(lists, st.data())
def test_no_bit_can_be_changed(content, data):
    token = list_token(content, KEY)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    place = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[place // 8] ^= 1 << place % 8
    changed = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    with pytest.raises(ListRefusedError):
        read_list(changed, [PUBLIC], NOW)


@given(st.text(max_size=700) | st.binary(max_size=400).map(lambda it: it.hex()))
def test_nonsense_is_refused_and_nothing_else_happens(text):
    with pytest.raises(ListRefusedError):
        read_list(text, [PUBLIC], NOW)


def test_anothers_key_and_a_time_that_is_over():
    content = ShopList((Listed("04012345101003", True),), NOW, bytes(8))
    token = list_token(content, KEY)
    for keys, now, trouble in (
        ([Ed25519PrivateKey.generate().public_key()], NOW, ListTrouble.UNKNOWN),
        ([], NOW, ListTrouble.UNKNOWN),
        ([PUBLIC], NOW + timedelta(minutes=2), ListTrouble.EXPIRED),
    ):
        with pytest.raises(ListRefusedError) as caught:
            read_list(token, keys, now)
        assert caught.value.trouble is trouble


def test_what_cannot_be_written_is_refused():
    item = Listed("04012345101003", True)
    for bad in (
        ShopList((), NOW, bytes(8)),
        ShopList((item,) * (MOST_ITEMS + 1), NOW, bytes(8)),
        ShopList((item,), NOW, bytes(7)),
        ShopList((Listed("123", True),), NOW, bytes(8)),
    ):
        with pytest.raises(ValueError, match=r"list|GTIN"):
            list_token(bad, KEY)


@pytest.mark.parametrize(("count", "coupon", "most_modules"), [(5, None, 57), (8, COUPON, 81)])
def test_the_code_stays_one_that_a_phone_reads_off_a_mirror(count, coupon, most_modules):
    items = tuple(Listed(f"{place:014}", True) for place in range(count))
    token = list_token(ShopList(items, NOW, bytes(8), coupon), KEY)
    url = f"https://list.silverstitch.example/l/{token}"
    assert segno.make_qr(url, error="l").symbol_size(border=0)[0] <= most_modules
