"""Pictures of surfaces, drawn by code: floors, garments on rails, shelves, shop windows, leaves."""

from collections.abc import Sequence

import cv2
import numpy as np

from edge_core.simulator.scene import Covering, Rgb, Sign
from edge_core.types import ImageArray

PX_PER_M = 96


def bgr(rgb: Rgb, gain: float = 1.0) -> tuple[int, int, int]:
    """An OpenCV colour from red, green, blue."""
    red, green, blue = (int(np.clip(channel * gain, 0, 255)) for channel in rgb)
    return blue, green, red


def speckled(image: ImageArray, rng: np.random.Generator, fine: float, coarse: float) -> ImageArray:
    """Add grain and slow blotches, standard deviations in grey levels."""
    height, width = image.shape[:2]
    small = rng.normal(0, 1, (max(2, height // 24), max(2, width // 24))).astype(np.float32)
    blotch = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) * coarse
    grain = rng.normal(0, fine, (height, width)).astype(np.float32)
    noisy = image[..., :3].astype(np.float32) + (blotch + grain)[..., None]
    result = image.copy()
    result[..., :3] = np.clip(noisy, 0, 255)
    return result


def covering(item: Covering, rng: np.random.Generator) -> tuple[ImageArray, float]:
    """One repeat of a floor covering and its side in metres."""
    repeat_m = {"planks": 2.4, "carpet": 1.5, "plain": 2.0}.get(item.pattern, item.size_m * 4)
    side = 512
    scale = side / repeat_m
    image = np.full((side, side, 3), bgr(item.colour), np.uint8)
    if item.pattern == "planks":
        _planks(image, item, rng, max(2, round(item.size_m * scale)))
    elif item.pattern in ("tiles", "terrazzo"):
        step = side // 4
        for row in range(4):
            for column in range(4):
                gain = rng.normal(1, 0.018)
                corner = (column * step, row * step)
                end = (corner[0] + step - 1, corner[1] + step - 1)
                cv2.rectangle(image, corner, end, bgr(item.colour, gain), -1)
                cv2.rectangle(image, corner, end, bgr(item.second), 2)
        if item.pattern == "terrazzo":
            for _ in range(900):
                x, y = rng.integers(0, side, 2)
                shade = bgr(item.second, rng.uniform(0.75, 1.15))
                cv2.circle(image, (int(x), int(y)), int(rng.integers(1, 4)), shade, -1)
    elif item.pattern == "carpet":
        weave = rng.random((side, side, 1)) < 0.5
        image = np.where(weave, np.array(bgr(item.second), np.uint8), image).astype(np.uint8)
        image[:] = cv2.GaussianBlur(image, (3, 3), 0.8)
    return speckled(image, rng, 2.0, 3.0), repeat_m


def _planks(image: ImageArray, item: Covering, rng: np.random.Generator, width: int) -> None:
    side = image.shape[0]
    for row, y in enumerate(range(0, side, width)):
        cut = int(rng.integers(0, side))
        for start, end in ((0, cut), (cut, side)):
            gain = rng.normal(1, 0.06)
            mixed = item.colour if rng.random() < 0.7 else item.second
            cv2.rectangle(image, (start, y), (end, y + width), bgr(mixed, gain), -1)
            for _ in range(5):
                line = y + int(rng.integers(0, width))
                cv2.line(image, (start, line), (end, line), bgr(mixed, gain * 0.95), 1)
        cv2.line(image, (0, y), (side, y), bgr(item.second, 0.72), 1)
        if row % 2 == 0:
            cv2.line(image, (cut, y), (cut, y + width), bgr(item.second, 0.72), 1)


_CLOTHES: Sequence[Rgb] = (
    (34, 36, 42), (60, 70, 92), (120, 122, 124), (222, 218, 208), (168, 148, 118), (128, 52, 54),
    (66, 92, 82), (190, 160, 96), (150, 170, 190), (206, 150, 150), (92, 72, 104), (44, 84, 128),
)  # fmt: skip


def garment_rail(width_m: float, height_m: float, rng: np.random.Generator) -> ImageArray:
    """Clothes hanging side by side on a rail, seen from the front; open below the hems.

    One rail carries a few related colours, as shops sort them. uint8 (h, w, 4).
    """
    height, width = int(height_m * PX_PER_M), max(8, int(width_m * PX_PER_M))
    family = [_CLOTHES[int(index)] for index in rng.integers(0, len(_CLOTHES), 3)]
    shades, hems = np.zeros((width, 3), np.uint8), np.zeros(width, np.int32)
    x = 0
    while x < width:
        colour = family[int(rng.integers(len(family)))]
        hem = int(height * rng.uniform(0.68, 0.8))
        for _ in range(int(rng.integers(3, 9))):
            slab = int(rng.integers(4, 8))
            fold = 0.86 + 0.18 * np.sin(np.pi * (np.arange(slab) + 0.5) / slab)
            cloth = np.array(_muted(colour, rng.uniform(0.82, 1.0))) * fold[:, None]
            shown = len(shades[x : x + slab])
            shades[x : x + slab], hems[x : x + slab] = cloth[:shown], hem
            x += slab
    image = np.zeros((height, width, 4), np.uint8)
    image[..., :3] = shades
    image[..., 3] = 255 * (np.arange(height)[:, None] <= hems)
    metal = (104, 106, 108, 255)
    cv2.rectangle(image, (0, 0), (width, max(2, height // 40)), metal, -1)
    for post in (0, width - 4):
        cv2.rectangle(image, (post, 0), (post + 3, height), metal, -1)
    cv2.rectangle(image, (0, height - 5), (width, height), metal, -1)
    return speckled(image, rng, 2.0, 3.0)


def _muted(rgb: Rgb, gain: float) -> tuple[int, int, int]:
    """A cloth colour half way to grey."""
    blue, green, red = bgr(rgb, gain)
    grey = (blue + 2 * green + red) // 4
    return (blue + grey) // 2, (green + grey) // 2, (red + grey) // 2


def stocked_shelf(width_m: float, height_m: float, rng: np.random.Generator) -> ImageArray:
    """Boards full of boxes, folded clothes and bottles."""
    height, width = int(height_m * PX_PER_M), max(8, int(width_m * PX_PER_M))
    image = np.full((height, width, 3), (70, 76, 84), np.uint8)
    boards = max(2, round(height_m / 0.38))
    step = height / boards
    for board in range(boards):
        base = int((board + 1) * step) - 4
        x = 3
        while x < width - 4:
            kind_width = int(rng.integers(6, 26))
            kind = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
            tall = int(step * rng.uniform(0.4, 0.82))
            for _ in range(int(rng.integers(1, 5))):
                if x + kind_width > width - 2:
                    break
                gain = rng.uniform(0.9, 1.15)
                cv2.rectangle(
                    image, (x, base - tall), (x + kind_width - 2, base), _muted(kind, gain), -1
                )
                band = base - int(tall * 0.6)
                cv2.rectangle(
                    image, (x, band), (x + kind_width - 2, band + 4), _muted(kind, 1.3), -1
                )
                x += kind_width
            x += int(rng.integers(1, 8))
        cv2.rectangle(image, (0, base), (width, base + 5), (150, 164, 176), -1)
    cv2.rectangle(image, (0, 0), (width - 1, height - 1), (126, 138, 150), 3)
    return speckled(image, rng, 2.5, 3.0)


def panel(
    colour: Rgb, width_m: float, height_m: float, rng: np.random.Generator, *, seam_m: float = 0.0
) -> ImageArray:
    """A plain board with a darker foot and optional vertical seams."""
    height, width = max(6, int(height_m * PX_PER_M)), max(6, int(width_m * PX_PER_M))
    image = np.full((height, width, 3), bgr(colour), np.uint8)
    if seam_m > 0:
        for x in np.arange(seam_m, width_m, seam_m):
            px = int(x * PX_PER_M)
            cv2.line(image, (px, 0), (px, height), bgr(colour, 0.8), 2)
    foot = max(2, int(0.09 * PX_PER_M))
    cv2.rectangle(image, (0, height - foot), (width, height), bgr(colour, 0.55), -1)
    return speckled(image, rng, 2.0, 2.5)


def laid_out(width_m: float, depth_m: float, rng: np.random.Generator) -> ImageArray:
    """A table top with folded goods in rows, seen from above."""
    height, width = max(8, int(depth_m * PX_PER_M)), max(8, int(width_m * PX_PER_M))
    image = np.full((height, width, 3), (150, 176, 200), np.uint8)
    for y in range(6, height - 18, 26):
        for x in range(6, width - 18, 28):
            colour = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
            cv2.rectangle(
                image, (x, y), (x + 20, y + 18), _muted(colour, rng.uniform(0.9, 1.2)), -1
            )
            cv2.line(image, (x, y + 9), (x + 20, y + 9), _muted(colour, 0.75), 1)
    return speckled(image, rng, 2.5, 3.0)


def foliage(rng: np.random.Generator) -> ImageArray:
    """Leaves against nothing, uint8 (192, 160, 4)."""
    image = np.zeros((192, 160, 4), np.uint8)
    for _ in range(420):
        angle, reach = rng.uniform(-np.pi, 0), rng.uniform(0, 1) ** 0.6
        x = int(80 + 68 * reach * np.cos(angle) * 1.05)
        y = int(170 + 150 * reach * np.sin(angle))
        green = int(rng.uniform(50, 135))
        colour = (int(green * 0.45), green, int(green * rng.uniform(0.5, 0.8)), 255)
        size = (int(rng.integers(4, 12)), int(rng.integers(2, 5)))
        cv2.ellipse(image, (x, y), size, float(rng.uniform(0, 180)), 0, 360, colour, -1)
    return image


def sign(item: Sign, width_m: float, rng: np.random.Generator) -> ImageArray:
    """The face of a sign, poster, shop window, screen, shutter or glass door."""
    height, width = int(item.height_m * PX_PER_M), max(16, int(width_m * PX_PER_M))
    image = np.full((height, width, 3), bgr(item.colour), np.uint8)
    draw = {"glass": _shop_window, "door": _glass_door, "poster": _poster, "screen": _screen}
    if item.kind in draw:
        draw[item.kind](image, item, rng)
    elif item.kind == "shutter":
        for y in range(0, height, 9):
            cv2.line(image, (0, y), (width, y), bgr(item.colour, 0.8), 2)
    if item.text:
        _letter(image, item)
    return speckled(image, rng, 1.5, 1.5)


def _letter(image: ImageArray, item: Sign) -> None:
    height, width = image.shape[:2]
    font, scale = cv2.FONT_HERSHEY_DUPLEX, 1.0
    (text_w, text_h), _ = cv2.getTextSize(item.text, font, scale, 2)
    scale = min(0.55 * height / max(text_h, 1), 0.86 * width / max(text_w, 1))
    (text_w, text_h), _ = cv2.getTextSize(item.text, font, scale, 2)
    at = ((width - text_w) // 2, (height + text_h) // 2)
    cv2.putText(image, item.text, at, font, scale, bgr(item.ink), 2, cv2.LINE_AA)


def _shop_window(image: ImageArray, item: Sign, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    glow = np.linspace(1.0, 0.62, height)[:, None, None]
    image[:] = np.clip(image * glow, 0, 255)
    for x in range(20, width - 60, int(PX_PER_M * 0.9)):
        colour = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
        w, top = int(rng.integers(30, 62)), int(height * rng.uniform(0.45, 0.75))
        cv2.rectangle(image, (x, top), (x + w, height - 8), bgr(colour, 1.25), -1)
        cv2.rectangle(image, (x, top), (x + w, top + 7), bgr(colour, 1.6), -1)
        goods = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
        for shelf in range(int(rng.integers(1, 4))):
            step = 7 * shelf
            corners = (x + 6 + shelf * 3, top - 7 - step), (x + w - 6 - shelf * 3, top - 1 - step)
            cv2.rectangle(image, *corners, bgr(goods, 1.0 + 0.15 * shelf), -1)
    glare = np.zeros((height, width), np.uint8)
    for x in range(0, width, 150):
        band = np.array([[x, 0], [x + 34, 0], [x - 40, height], [x - 74, height]], np.int32)
        cv2.fillConvexPoly(glare, band, 20)
    image[:] = cv2.add(image, cv2.merge([glare] * 3))
    for x in range(0, width, int(PX_PER_M * 1.4)):
        cv2.line(image, (x, 0), (x, height), (70, 72, 76), 3)
    cv2.rectangle(image, (0, 0), (width - 1, height - 1), (64, 66, 70), 6)


def _glass_door(image: ImageArray, item: Sign, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    sky = np.linspace(1.12, 0.72, height)[:, None, None]
    image[:] = np.clip(image * sky, 0, 255)
    x = 0
    while x < width:
        w = int(rng.integers(30, 120))
        top = int(height * rng.uniform(0.3, 0.62))
        cv2.rectangle(
            image,
            (x, top),
            (x + w, int(height * 0.82)),
            bgr((150, 152, 158), rng.uniform(0.8, 1.15)),
            -1,
        )
        x += w
    cv2.rectangle(image, (0, int(height * 0.82)), (width, height), bgr((150, 146, 140)), -1)
    blurred = cv2.GaussianBlur(image, (0, 0), 5)
    image[:] = blurred
    for x in range(0, width, int(PX_PER_M * 1.1)):
        cv2.line(image, (x, 0), (x, height), (88, 90, 94), 5)
    cv2.line(image, (0, int(height * 0.3)), (width, int(height * 0.3)), (88, 90, 94), 6)


def _poster(image: ImageArray, item: Sign, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    for _ in range(4):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        radius = int(rng.uniform(0.15, 0.4) * width)
        cv2.circle(image, centre, radius, bgr(item.colour, rng.uniform(0.65, 1.5)), -1, cv2.LINE_AA)
    cv2.rectangle(image, (8, height - 44), (width - 8, height - 14), bgr(item.ink), -1)
    cv2.rectangle(image, (0, 0), (width - 1, height - 1), (232, 234, 236), 6)


def _screen(image: ImageArray, item: Sign, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    for row in range(4):
        y = int(height * (0.15 + 0.2 * row))
        end = (int(width * rng.uniform(0.5, 0.85)), y + int(height * 0.09))
        cv2.rectangle(image, (int(width * 0.14), y), end, bgr(item.colour, 2.6), -1)
    cv2.rectangle(image, (0, 0), (width - 1, height - 1), (16, 16, 18), 5)
