"""The pictures of README's gallery: every step of the journeys, both ways up, in both languages.

No tests: `python packaging/dev.py gallery` runs this file, which takes some five minutes. Each
sheet of `assets/readme/gallery` holds one step four times; the pictures themselves go to the folder
that PROMENADE_GALLERY names, or nowhere. The windows are real, touched by an injected finger;
people and garments are played, attributes invented.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage
from test_fitting import BLAZER, BOOTS, DRESS, fitting, shop
from test_visit import EVERYWHERE, mall, page, shown, until_coupon, visit

from edge_core.service.client import EdgeClient

assert all((fitting, shop, mall, visit))  # fixtures
SHEETS = Path(__file__).parents[2] / "assets" / "readme" / "gallery"
UPRIGHT_PX, LYING_PX, GAP_PX = (378, 672), (585, 329), 14
WEBP_QUALITY = 82
AROUND = [(30.0 + 1.9 * n % 17, 27.0 + 1.3 * n % 8) for n in range(14)]
pytestmark = pytest.mark.timeout(600)


class Album:
    """Pictures of one window by the name of their step."""

    def __init__(self, at, variant):
        self.at, self.variant = at, variant

    def take(self, step):
        self.at.until(lambda: not self.at.items("pages")[0].property("busy"))
        image = self.at.window.grabWindow().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        TAKEN.setdefault(step, {})[self.variant] = pixels[:, :, ::-1].copy()
        if "PROMENADE_GALLERY" in os.environ:
            folder = Path(os.environ["PROMENADE_GALLERY"])
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{step}-{self.variant}.png"), pixels[:, :, ::-1])


TAKEN: dict[str, dict[str, np.ndarray]] = {}


def variant_of(size, language):
    return f"{'upright' if size[0] < size[1] else 'lying'}-{language}"


@EVERYWHERE
def test_kiosk(mall, visit, size, language):
    at = visit(size, language)
    album = Album(at, variant_of(size, language))
    for place in AROUND:
        mall.vision.join(place)
    page(at, "welcomePage")
    at.touch("finish")
    page(at, "attractPage")
    at.until(lambda: len(at.items("dot")) > len(AROUND))
    at.qtbot.wait(3000)  # the glow of the crowd settles
    album.take("kiosk-1-attract")
    at.touch("beginArea")
    page(at, "welcomePage")
    at.qtbot.wait(2500)
    album.take("kiosk-2-welcome")
    find_a_store(at, album)
    get_ideas(at, album)
    see_and_be_forgotten(at, album)
    at.wait(46)
    at.until(lambda: at.items("stillThere"))
    at.qtbot.wait(400)
    album.take("kiosk-12-still-there")


def find_a_store(at, album):
    at.touch("doorStores")
    page(at, "storesPage")
    for sign in "aurroa":
        at.touch(f"key-{sign}")
    album.take("kiosk-3-search")
    at.touch("store-aurora")
    page(at, "storePage")
    album.take("kiosk-4-store")
    at.touch("takeMeThere")
    page(at, "routePage")
    at.until(lambda: at.model.way.property("state") == "found")
    at.touch("mode-step-free")
    at.until(lambda: at.model.way.property("state") == "found")
    at.qtbot.wait(3500)  # the line draws itself
    album.take("kiosk-5-step-free")
    for name in ("storePage", "storesPage", "welcomePage"):
        at.touch("back")
        page(at, name)


def get_ideas(at, album):
    at.touch("doorIdeas")
    page(at, "ideasPage")
    at.until(lambda: at.item("useSeen").isEnabled())
    album.take("kiosk-6-choice")
    at.touch("useSeen")
    until_coupon(at, "useSeen")
    at.until(lambda: at.model.ideas.property("personal"))
    at.qtbot.wait(500)
    album.take("kiosk-7-ideas")
    first = shown(at)[0]
    at.touch("notForMe")
    at.until(lambda: first not in shown(at))
    album.take("kiosk-8-corrected")
    at.touch("takeIdeas")
    page(at, "takeHomePage")
    at.until(lambda: at.items("qr"))
    album.take("kiosk-9-take-it-with-you")


def here(at):
    """Of each figure drawn, whether it is before the screen."""
    return [figure[4] for figure in at.item("figureView").property("figures")]


def see_and_be_forgotten(at, album):
    at.touch("openSees")
    page(at, "seesPage")
    at.until(lambda: at.items("estimate") and any(here(at)), 120_000)
    at.qtbot.wait(500)
    album.take("kiosk-10-what-it-sees")
    at.touch("forgetMe")
    at.until(lambda: at.items("receipt"))
    album.take("kiosk-11-forgotten")
    at.touch("back")


@EVERYWHERE
def test_mirror(shop, fitting, size, language):
    at = fitting(size, language)
    album = Album(at, variant_of(size, language))
    at.page("idle")
    album.take("mirror-1-idle")
    shop.hold(DRESS, BLAZER, BOOTS)
    at.page("items")
    at.until(lambda: len(at.items("openItem")) == 3)
    at.qtbot.wait(500)
    album.take("mirror-2-your-items")
    at.touch("openItem")
    at.page("item")
    at.until(lambda: at.model.style.known)
    at.touch("size-L")
    at.until(lambda: at.model.style.size == "L")
    album.take("mirror-3-item")
    at.touch("bring")
    at.page("staff")
    with EdgeClient(shop.url) as staff:
        at.until(lambda: staff.shop.requests(waiting=True).requests)
        (request,) = staff.shop.requests(waiting=True).requests
        staff.shop.answer(request.request, "accepted", minutes=2)
    at.until(lambda: any("1:5" in text for text in at.texts()))
    album.take("mirror-4-asked")
    at.touch("back")
    at.page("item")
    at.touch("back")
    at.page("items")
    at.touch("openLook")
    at.page("look")
    at.until(lambda: at.model.looks.count)
    at.qtbot.wait(500)
    album.take("mirror-5-look")
    at.touch("back")
    at.page("items")
    at.touch("openKeep")
    at.page("keep")
    at.until(lambda: at.items("qr"))
    album.take("mirror-6-keep")
    shop.hold()
    at.page("leaving")
    album.take("mirror-7-leaving")


def test_sheets():
    """One sheet a step: upright in both languages, and lying in both."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    for step, pictures in TAKEN.items():
        assert len(pictures) == 4, step
        upright = [fitted(pictures[f"upright-{it}"], UPRIGHT_PX) for it in ("en", "zh")]
        lying = [fitted(pictures[f"lying-{it}"], LYING_PX) for it in ("en", "zh")]
        beside = np.vstack([lying[0], blank(GAP_PX, LYING_PX[0]), lying[1]])
        tall = max(beside.shape[0], UPRIGHT_PX[1])
        columns = [*upright, beside]
        parts = []
        for column in columns:
            filled = np.vstack([column, blank(tall - column.shape[0], column.shape[1])])
            parts += [filled, blank(tall, GAP_PX)]
        quality = [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY]
        assert cv2.imwrite(str(SHEETS / f"{step}.webp"), np.hstack(parts[:-1]), quality)


def fitted(picture, size_px):
    return cv2.resize(picture, size_px, interpolation=cv2.INTER_AREA)


def blank(rows, columns):
    """The ground between the pictures: white, as the page of a README mostly is."""
    return np.full((rows, columns, 3), 255, np.uint8)
