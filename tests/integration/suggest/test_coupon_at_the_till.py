"""A coupon's way through a shop: the command, the service, the page of a till without a network."""

import importlib.util
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.config import DirectoryConfig, Products
from edge_core.service.api import create_app
from edge_core.service.parts import Parts
from edge_core.service.server import ApiServer, listen
from edge_core.suggest.signing_key import signing_key
from edge_core.suggest.take_home import CouponOffer, TakeHome, nonce_from, sign
from edge_core.types import EventKind

TESTS = Path(__file__).parents[2]
SITE = """
[site]
id = "harbour"
name = "Harbour </script> Shop"
name_zh = "海港商店"

[[cameras]]
id = "door"
source = "door.mp4"
"""
CLOSED = "http://127.0.0.1:9"
pytestmark = pytest.mark.timeout(120)


def _module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "site.toml").write_text(SITE)
    signing_key(folder / "coupons.key")
    return folder


def _code(shop, number, *, mall="harbour", hours=2.0, key=None, offer=True):
    expires = datetime.now(UTC) + timedelta(hours=hours)
    coupon = CouponOffer("coats-10", "10%", expires, nonce_from(number.to_bytes(16, "big")))
    content = TakeHome(mall, "大衣九折 ½ price?", "Ground floor", coupon if offer else None)
    return sign(content, key or signing_key(shop / "coupons.key"))


def _run(shop, *arguments, url=CLOSED, text=None):
    options = [*arguments, "--site", str(shop / "site.toml")]
    if arguments[0] == "verify-coupon":
        options += ["--url", url]
    return CliRunner().invoke(app, options, input=text)


def test_the_command_takes_a_coupon_once_and_says_in_plain_words_why_not_twice(shop):
    code = _code(shop, 1)
    first = _run(shop, "verify-coupon", "-", "--till", "till 2", text=f"\n{code}\n")
    assert (first.exit_code, first.output.strip()) == (0, "Take it: 10% (大衣九折 ½ price?)")
    second = _run(shop, "verify-coupon", code)
    assert second.exit_code == 1
    assert "Do not take it. This coupon was used at till 2 on" in " ".join(second.output.split())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"hours": -1}, "expired"),
        ({"mall": "elsewhere"}, "other-mall"),
        ({"key": Ed25519PrivateKey.from_private_bytes(bytes(32))}, "altered"),
        ({"offer": False}, "no-coupon"),
    ],
)
def test_the_command_tells_what_is_wrong(shop, change, refusal):
    done = _run(shop, "verify-coupon", _code(shop, 2, **change), "--json")
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert (told["taken"], told["refusal"]) == (False, refusal)


def test_away_from_the_store_pc_it_asks_for_the_public_key(shop, tmp_path):
    (tmp_path / "site.toml").write_text(SITE)
    done = _run(tmp_path, "verify-coupon", _code(shop, 3))
    assert "give --key" in str(done.exception)
    public = _run(shop, "till", "key").output.strip()
    assert _run(tmp_path, "verify-coupon", _code(shop, 3), "--key", public).exit_code == 0
    assert not (tmp_path / "coupons.key").exists()


def test_the_service_is_told_as_soon_as_it_answers(shop, tmp_path):
    stand_in = _module(TESTS / "unit" / "service" / "stand_in.py")
    secret = signing_key(shop / "coupons.key").private_bytes_raw()
    parts = Parts(DirectoryConfig(), products=Products(), coupon_key=secret)
    state = stand_in.StandInState(tmp_path / "ledger.db", parts=parts)
    server = ApiServer(create_app(state), state.hub, listen("127.0.0.1", 0))
    server.start()
    try:
        assert _run(shop, "verify-coupon", _code(shop, 4)).exit_code == 0
        assert _run(shop, "verify-coupon", _code(shop, 5), url=server.url).exit_code == 0
        told = [it.event.data for it in state.ledger.newest_of(EventKind.REDEMPTION)]
        assert {nonce_from(n.to_bytes(16, "big")) for n in (4, 5)} <= {it["nonce"] for it in told}
        saved = [{"text": _code(shop, 6), "used_at": datetime.now(UTC).isoformat(), "till": "3"}]
        (tmp_path / "list.json").write_text(json.dumps({"redemptions": saved}))
        options = [
            "till",
            "redemptions",
            str(tmp_path / "list.json"),
            "--url",
            server.url,
            "--json",
        ]
        assert json.loads(_run(shop, *options).output)["kept"] == 1
        assert json.loads(_run(shop, *options).output)["known"] == 1
    finally:
        server.stop()
        state.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    module = _module(TESTS / "integration" / "dashboard" / "browser.py")
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    browser = module.Browser(tmp_path_factory.mktemp("profile"), (900, 1143))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def page(shop, browser):
    done = _run(shop, "till", "page", "--out", str(shop / "till.html"))
    assert done.exit_code == 0, done.output
    browser.open(f"file://{shop / 'till.html'}")
    browser.wait_for("document.getElementById('verdict').textContent !== ''")
    return browser


def _scan(page, code):
    """Type as a scanner does; what the page answers."""
    page.run("document.getElementById('result').className = ''")
    page.run(
        "const box = document.getElementById('code'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('input'));",
        code,
    )
    if len(code.split("\n")) != 5:
        page.run("document.getElementById('check').click()")
    page.wait_for("document.getElementById('result').className !== ''")
    return page.run(
        "const box = document.getElementById('result');"
        "return [box.className, box.dataset.refusal, box.textContent];"
    )


def test_the_page_takes_a_coupon_once_also_after_it_was_closed(page, shop):
    code = _code(shop, 11)
    verdict, _, text = _scan(page, code)
    assert verdict == "good"
    assert "10%" in text
    assert "大衣九折" in text
    assert _scan(page, code)[1] == "used"
    page.open("about:blank")
    page.open(f"file://{shop / 'till.html'}")
    assert _scan(page, code)[1] == "used"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"hours": -1}, "expired"),
        ({"mall": "elsewhere"}, "other-mall"),
        ({"key": Ed25519PrivateKey.from_private_bytes(bytes(32))}, "altered"),
        ({"offer": False}, "no-coupon"),
    ],
)
def test_the_page_tells_what_is_wrong(page, shop, change, refusal):
    assert _scan(page, _code(shop, 12, **change))[:2] == ["bad", refusal]
    assert _scan(page, "good morning")[:2] == ["bad", "unreadable"]


def test_a_changed_value_is_refused(page, shop):
    assert _scan(page, _code(shop, 13).replace("10%", "90%"))[1] == "altered"


def test_the_pages_own_verifier_agrees_with_openssl_and_with_the_browsers(page, shop):
    key = signing_key(shop / "coupons.key")
    script = (
        "const [key, signature, message] = [...arguments].map((it) => fromHex(it));"
        "return verifyOwn(key, signature, message);"
    )
    both = (
        "const [key, signature, message] = [...arguments].slice(0, 3).map((it) => fromHex(it));"
        "return crypto.subtle.importKey('raw', key, {name: 'Ed25519'}, false, ['verify'])"
        ".then((it) => crypto.subtle.verify({name: 'Ed25519'}, it, signature, message));"
    )
    for length in (1, 63, 111, 112, 127, 128, 300):
        message = bytes((length * 7 + at) % 256 for at in range(length))
        signature = key.sign(message)
        public = key.public_key().public_bytes_raw().hex()
        assert page.run(script, public, signature.hex(), message.hex()) is True
        assert page.run(both, public, signature.hex(), message.hex()) is True
        bent = bytes([signature[0] ^ 1]) + signature[1:]
        assert page.run(script, public, bent.hex(), message.hex()) is False
        assert page.run(script, public, signature.hex(), (message + b"!").hex()) is False
        high = signature[:32] + bytes([255] * 32)
        assert page.run(script, public, high.hex(), message.hex()) is False


def test_without_webcrypto_it_takes_and_refuses_the_same(page, shop):
    page.run("crypto.subtle.importKey = () => Promise.reject(new Error('no Ed25519'))")
    code = _code(shop, 14)
    assert _scan(page, code.replace("10%", "11%"))[1] == "altered"
    assert _scan(page, code)[0] == "good"
    assert _scan(page, code)[1] == "used"


def test_where_nothing_can_be_remembered_nothing_is_taken(page, shop):
    page.run("Storage.prototype.setItem = () => { throw new Error('full'); }")
    assert _scan(page, _code(shop, 15))[1] == "forgetful"
    page.open(f"file://{shop / 'till.html'}")


def test_it_speaks_chinese_and_asks_no_network(page, shop):
    page.open(f"file://{shop / 'till.html'}")
    page.run(
        "const box = document.getElementById('language'); box.value = 'zh';"
        "box.dispatchEvent(new Event('change'));"
    )
    shown = page.run("return document.body.innerText")
    assert "海港商店" in shown
    assert "核销优惠券" in shown
    assert not [it for it in page.log("browser") if it["level"] == "SEVERE"]
    text = (shop / "till.html").read_text()
    assert "http://" not in text
    assert "https://" not in text
