import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.errors import HubError
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore
from edge_core.hub.tables import CHAIN, open_database
from edge_core.sync.content import Content, ContentFile, Draft

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()


@pytest.fixture
def shelf():
    store = HubStore(open_database("sqlite://"), ManualClock())
    yield Shelf(store, KEY)
    store.close()


def _pull(shelf, base):
    """As `Sync` does: page by page until it is whole."""
    draft = Draft(base)
    while (content := draft.add(shelf.page(base.site, draft.since))) is None:
        pass
    content.verify(PUBLIC)
    return content


def _styles(count, name="coat"):
    return [("closures", f"{n:04}", {"text": f"{name} {n}", "what": "x"}) for n in range(count)]


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([CHAIN, "shop"]),
            st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)),
        ),
        max_size=6,
    )
)
def test_deltas_lead_to_what_a_full_copy_says(publications):
    store = HubStore(open_database("sqlite://"), ManualClock())
    shelf, followed = Shelf(store, KEY), Content("shop")
    try:
        for site, said in publications:
            drafts = [("closures", key, {"text": str(value)}) for key, value in said.items()]
            shelf.publish(site, drafts, {"closures"})
            followed = _pull(shelf, followed)
            fresh = _pull(shelf, Content("shop"))
            assert followed.bodies("closures") == fresh.bodies("closures")
            assert (followed.digest, followed.revision) == (fresh.digest, fresh.revision)
    finally:
        store.close()


def test_what_stays_the_same_is_not_sent_again(shelf):
    assert shelf.publish("shop", _styles(900)) == 900
    known = _pull(shelf, Content("shop"))
    assert len(known.bodies("closures")) == 900
    changed = _styles(900)
    changed[7] = ("closures", "0007", {"text": "another"})
    assert shelf.publish("shop", changed) == 1
    page = shelf.page("shop", known.revision)
    assert [record.key for record in page.records] == ["0007"]
    assert shelf.publish("shop", changed) == 0


def test_a_sites_own_word_stands_before_the_chains(shelf):
    shelf.publish(CHAIN, [("shops", "a", {"id": "a", "name": "Everywhere"})])
    shelf.publish("shop", [("shops", "a", {"id": "a", "name": "Here"})])
    assert _pull(shelf, Content("shop")).bodies("shops")[0]["name"] == "Here"
    assert _pull(shelf, Content("other")).bodies("shops")[0]["name"] == "Everywhere"


def test_a_hub_restored_from_an_older_backup_is_followed_from_the_beginning(shelf):
    shelf.publish("shop", _styles(3))
    ahead = Content("shop", revision=999)
    assert len(_pull(shelf, ahead).bodies("closures")) == 3


def test_altered_content_and_another_hubs_are_not_believed(shelf, tmp_path):
    shelf.publish("shop", _styles(3))
    content = _pull(shelf, Content("shop"))
    with pytest.raises(HubError, match="not signed"):
        content.verify(Ed25519PrivateKey.generate().public_key())
    file = ContentFile(tmp_path / "c.json", PUBLIC, "shop")
    file.swap(content)
    told = json.loads(file.path.read_text())
    told["records"][0]["body"]["text"] = "altered"
    file.path.write_text(json.dumps(told))
    assert file.load() is None


def test_a_damaged_file_leaves_the_version_before(shelf, tmp_path):
    file = ContentFile(tmp_path / "c.json", PUBLIC, "shop")
    shelf.publish("shop", _styles(1, "old"))
    file.swap(_pull(shelf, Content("shop")))
    shelf.publish("shop", _styles(1, "new"))
    file.swap(_pull(shelf, Content("shop")))
    assert file.load().bodies("closures")[0]["text"] == "new 0"
    file.path.write_bytes(file.path.read_bytes()[:100])
    assert file.load().bodies("closures")[0]["text"] == "old 0"
    shelf.publish("shop", _styles(1, "newest"))
    file.swap(_pull(shelf, file.load()))  # what is damaged never takes the good one's place
    file.path.unlink()
    assert file.load().bodies("closures")[0]["text"] == "old 0"


def test_another_sites_file_is_not_used(shelf, tmp_path):
    shelf.publish("shop", _styles(1))
    ContentFile(tmp_path / "c.json", PUBLIC, "shop").swap(_pull(shelf, Content("shop")))
    assert ContentFile(tmp_path / "c.json", PUBLIC, "other").load() is None
