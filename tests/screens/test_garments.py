"""The mirror's page of items: what is shown, removed, and left out."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from PySide6.QtGui import QImage

from edge_core.pictures import CATALOGUE, drawing
from edge_core.service.item_schema import GarmentsView, GarmentView
from mirror.view_models.garments import MOST_SHOWN

NOW = datetime(2026, 3, 14, 14, 5, tzinfo=UTC)


def garment(key, **given):
    told = {
        "key": key, "sku": f"sku-{key}", "name": f"Coat {key}", "name_zh": f"大衣 {key}",
        "size": "M", "colour": "Navy", "colour_zh": "藏青", "tint": "#2f3d57",
        "picture": "belted-coat", "price": Decimal("189.00"), "since": NOW,
    }  # fmt: skip
    return GarmentView(**(told | given))


def at(*garments, zone="m1-place", **others):
    return GarmentsView(at=NOW, zones={zone: list(garments)} | others)


@pytest.fixture
def mirror(open_screen, sample):
    """Opens the mirror at its place."""

    def start(size=(1080, 1920), language="en"):
        shown = open_screen("mirror", size, language)
        screens = [
            screen.model_copy(update={"zone": "m1-place"}) if screen.kind == "mirror" else screen
            for screen in sample.screens
        ]
        shown.screen.take_site(sample.model_copy(update={"screens": screens}))
        return shown

    return start


def bring(shown, *garments, **others):
    shown.screen.garmentsReceived.emit(at(*garments, **others))
    shown.qtbot.waitUntil(lambda: not shown.item("pages").property("busy"))


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Your item", "Coat a", "Navy, size M", "€189.00", "Not mine"]),
        ("zh", ["您的商品", "大衣 a", "藏青，M 码", "€189.00", "不是我的"]),
    ],
)
def test_a_garment_shows_with_name_price_size_and_colour(mirror, size, language, words):
    shown = mirror(size, language)
    bring(shown, garment("a"))
    assert [word for word in words if word not in shown.texts()] == []
    (picture,) = shown.items("garmentPicture")
    assert min(picture.width(), picture.height()) > 200


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=["upright", "lying"])
@pytest.mark.parametrize("count", range(1, MOST_SHOWN + 3))
def test_any_number_fits_the_glass_and_leaves_room_for_the_reflection(mirror, size, count):
    shown = mirror(size)
    bring(shown, *(garment(f"{number}") for number in range(count)))
    shown.qtbot.wait(400)
    cards = shown.items("garmentCard")
    assert len(cards) == min(count, MOST_SHOWN)
    window = shown.window
    for card in cards:
        place = card.mapRectToScene(card.boundingRect())
        assert place.left() >= 0
        assert place.right() <= window.width()
        assert place.bottom() <= window.height()
        assert place.top() > 0
    for one in cards:
        for other in cards:
            if one is not other:
                mine = one.mapRectToScene(one.boundingRect())
                theirs = other.mapRectToScene(other.boundingRect())
                assert not mine.intersects(theirs)
    assert (f"and {count - MOST_SHOWN} more" in shown.texts()) == (count > MOST_SHOWN)
    for button in shown.items("notMine"):
        assert button.height() >= 64
    picture = shown.picture().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(-1, 4)[:, :3]
    assert (pixels == 0).all(axis=1).mean() > 0.4, "the mirror stays a mirror"


def test_not_mine_removes_a_garment_until_it_has_been_away(mirror):
    shown = mirror()
    bring(shown, garment("a"), garment("b"))
    shown.tap(shown.items("notMine")[0])
    assert [row.key for row in shown.model.garments.rows.rows] == ["b"]
    bring(shown, garment("a"), garment("b"))
    assert [row.key for row in shown.model.garments.rows.rows] == ["b"]
    bring(shown, garment("b"))
    bring(shown, garment("a"), garment("b"))
    assert [row.key for row in shown.model.garments.rows.rows] == ["a", "b"]


def test_garments_next_door_are_not_shown(mirror):
    shown = mirror()
    shown.screen.garmentsReceived.emit(at(zone="room-2", **{"room-3": [garment("a")]}))
    assert shown.model.page == "idle"
    assert shown.items("idlePage")


def test_when_the_tags_leave_the_mirror_is_idle_again(mirror):
    shown = mirror()
    bring(shown, garment("a"))
    assert shown.items("itemsPage")
    bring(shown)
    shown.qtbot.waitUntil(lambda: not shown.items("itemsPage"))
    assert shown.items("idlePage")


def test_the_language_changes_at_once(mirror):
    shown = mirror()
    bring(shown, garment("a"))
    shown.screen.tongue.choose("zh")
    assert {"大衣 a", "您的商品"} <= set(shown.texts())


def test_without_the_service_garments_do_not_stay_for_ever(mirror):
    shown = mirror()
    bring(shown, garment("a"))
    shown.screen.take_link("stale")
    assert shown.model.page == "items"
    shown.model.garments.forget()  # what the timer calls after a while
    assert shown.model.page == "idle"


def test_a_product_the_table_tells_little_of_still_shows(mirror):
    shown = mirror()
    bare = {"name": "", "name_zh": "", "size": "", "colour": "", "price": None, "picture": ""}
    bring(shown, garment("a", **bare))
    assert "sku-a" in shown.texts()
    assert not shown.items("garmentPrice")


class TestDrawings:
    def test_every_picture_of_the_demos_products_is_there(self, assets):
        from edge_core.config import Products

        products = Products.from_csv(assets / "malls" / "shop" / "products.csv")
        drawn = {path.stem for path in CATALOGUE.glob("*.svg")}
        assert {product.picture for product in products} <= drawn

    def test_a_drawing_takes_the_garments_colour(self):
        grey, blue = drawing("oxford-shirt"), drawing("oxford-shirt", "#204080")
        assert "#8d99ae" in grey
        assert "#8d99ae" not in blue
        assert "#204080" in blue

    def test_what_is_not_drawn_is_a_hanger_with_a_tag(self):
        assert drawing("spacesuit") == drawing("garment") == drawing("")
