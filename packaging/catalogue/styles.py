"""The styles of the demo's invented shop: what each is called, costs, is made of and looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import extras
from bottoms import Legs, Skirt, draw_legs, draw_skirt
from cut import Torso
from kit import Drawing
from patterns import CREAM, INK, Pattern
from torso import draw_torso

COLOURS: Final = {
    "ivory": ("Ivory", "象牙白", "#efe6d6"), "white": ("White", "白色", "#f1efe9"),
    "cream": ("Cream", "米白", "#e7dcc6"), "sand": ("Sand", "沙色", "#d1b48c"),
    "camel": ("Camel", "驼色", "#b98a56"), "cognac": ("Cognac", "干邑棕", "#9a5a2e"),
    "brown": ("Chocolate", "巧克力棕", "#5b3f31"), "black": ("Black", "黑色", "#2b2d33"),
    "charcoal": ("Charcoal", "炭灰", "#4b5058"), "slate": ("Slate", "石板灰", "#66727d"),
    "grey": ("Grey marl", "花灰", "#a3a8b0"), "navy": ("Navy", "藏青", "#2f3d57"),
    "ink": ("Ink blue", "墨蓝", "#34466b"), "blue": ("Sky blue", "天蓝", "#9dbfdc"),
    "sea": ("Sea blue", "海蓝", "#4f86b8"), "cobalt": ("Cobalt", "钴蓝", "#3358a8"),
    "indigo": ("Dark indigo", "深靛蓝", "#35496b"), "mid": ("Mid blue", "中蓝", "#5c7fa8"),
    "light": ("Light wash", "浅洗蓝", "#9db6cf"), "moss": ("Moss", "苔绿", "#7c8a5b"),
    "olive": ("Olive", "橄榄绿", "#7d7a4e"), "forest": ("Forest", "森林绿", "#33523f"),
    "emerald": ("Emerald", "祖母绿", "#2f7d62"), "sage": ("Sage", "鼠尾草绿", "#a7b595"),
    "mint": ("Mint", "薄荷绿", "#93cfb4"), "yellow": ("Sunny yellow", "阳光黄", "#eebf4d"),
    "mustard": ("Mustard", "芥末黄", "#c7952f"), "rust": ("Rust", "铁锈红", "#a9532f"),
    "coral": ("Coral", "珊瑚红", "#e0775f"), "red": ("Poppy red", "罂粟红", "#c23b3b"),
    "burgundy": ("Burgundy", "酒红", "#7d3141"), "plum": ("Plum", "梅子紫", "#644062"),
    "lilac": ("Lilac", "丁香紫", "#a99ac9"), "rose": ("Dusty rose", "灰玫瑰", "#c9939a"),
    "blush": ("Blush", "浅粉", "#e6c3bd"), "teal": ("Teal", "青蓝", "#2c6f78"),
}  # fmt: skip
SIZES: Final = {
    "women": "XS S M L XL", "waist-w": "26 28 30 32", "men": "S M L XL", "waist-m": "30 32 34 36",
    "kids": "98 110 122 134", "feet-w": "37 38 39 40", "feet-m": "42 43 44 45", "feet-k": "28 30 32",
    "one": "", "hat": "S/M L/XL", "belt": "85 95 105",
}  # fmt: skip
MATERIALS: Final = {
    "wool": ("80% wool, 20% polyamide", "80% 羊毛，20% 锦纶", "dry-clean no-wash no-bleach iron-low"),
    "cashmere": ("90% wool, 10% cashmere", "90% 羊毛，10% 羊绒", "dry-clean no-wash no-bleach iron-low"),
    "tailoring": ("54% wool, 44% polyester, 2% elastane", "54% 羊毛，44% 聚酯纤维，2% 氨纶", "dry-clean no-wash no-bleach iron-low"),
    "cotton": ("100% organic cotton", "100% 有机棉", "wash-30 no-bleach no-tumble iron-medium"),
    "poplin": ("97% cotton, 3% elastane", "97% 棉，3% 氨纶", "wash-40 no-bleach no-tumble iron-medium"),
    "jersey": ("95% organic cotton, 5% elastane", "95% 有机棉，5% 氨纶", "wash-30 no-bleach no-tumble iron-low"),
    "fleece": ("80% cotton, 20% recycled polyester", "80% 棉，20% 再生聚酯纤维", "wash-30 no-bleach tumble-low iron-low"),
    "denim": ("99% cotton, 1% elastane", "99% 棉，1% 氨纶", "wash-30 no-bleach no-tumble iron-medium"),
    "linen": ("100% European linen", "100% 欧洲亚麻", "wash-30 no-bleach no-tumble iron-medium"),
    "viscose": ("100% LENZING viscose", "100% 粘胶纤维", "wash-30 no-bleach no-tumble iron-low"),
    "satin": ("100% recycled polyester", "100% 再生聚酯纤维", "hand-wash no-bleach no-tumble iron-low"),
    "silk": ("100% mulberry silk", "100% 桑蚕丝", "hand-wash no-bleach no-tumble iron-low"),
    "merino": ("100% merino wool", "100% 美利奴羊毛", "hand-wash no-bleach dry-flat iron-low"),
    "lambswool": ("70% lambswool, 30% polyamide", "70% 羊羔毛，30% 锦纶", "hand-wash no-bleach dry-flat iron-low"),
    "cottonknit": ("100% cotton", "100% 棉", "wash-30 no-bleach dry-flat iron-low"),
    "shell": ("100% recycled polyamide", "100% 再生锦纶", "wash-30 no-bleach no-tumble no-iron"),
    "down": ("Shell recycled polyamide, filling recycled polyester", "面料再生锦纶，填充再生聚酯纤维", "wash-30 no-bleach tumble-low no-iron"),
    "gabardine": ("70% cotton, 30% polyester", "70% 棉，30% 聚酯纤维", "dry-clean no-bleach no-tumble iron-low"),
    "cord": ("98% cotton, 2% elastane", "98% 棉，2% 氨纶", "wash-30 no-bleach no-tumble iron-low"),
    "leather": ("100% cow leather", "100% 牛皮", "no-wash no-bleach no-iron wipe"),
    "suede": ("100% suede leather", "100% 绒面革", "no-wash no-bleach no-iron wipe"),
    "canvas": ("100% cotton canvas", "100% 棉帆布", "no-wash no-bleach no-iron wipe"),
    "felt": ("100% wool felt", "100% 羊毛毡", "no-wash no-bleach no-iron wipe"),
    "acetate": ("Acetate, UV 400 lenses", "醋酸纤维，UV400 镜片", "no-bleach wipe"),
}  # fmt: skip
"""Composition in both languages, and the care symbols."""


@dataclass(frozen=True)
class Style:
    """One style of the shop."""

    key: str
    name: str
    name_zh: str
    department: str
    category: str
    price: str
    rack: str
    material: str
    sizes: str
    colours: str
    goes_with: str
    draw: Callable[[], Drawing]


def _t(**cut: object) -> Callable[[], Drawing]:
    return partial(draw_torso, Torso(**cut))  # type: ignore[arg-type]


def _l(**cut: object) -> Callable[[], Drawing]:
    return partial(draw_legs, Legs(**cut))  # type: ignore[arg-type]


def _s(**cut: object) -> Callable[[], Drawing]:
    return partial(draw_skirt, Skirt(**cut))  # type: ignore[arg-type]


_GOLD = "#d9b777"
_KNIT = Pattern("knit", gap=4.4)
_RIB = Pattern("rib", gap=5.2)
_DENIM = Pattern("denim")
_COAT: dict[str, object] = {"hem_y": 262, "waist_y": 142, "cuff": "plain"}
_DRESS: dict[str, object] = {"hem_y": 272, "shoulder": 33, "chest": 38, "waist": 32,
                             "waist_y": 136, "hip": 66, "hem": "flared"}  # fmt: skip

STYLES: Final[tuple[Style, ...]] = (
    # Women, wall, back: blouses and dresses
    Style("silk-blouse", "Silk-touch blouse", "丝感衬衫", "women", "blouse", "49.95", "women-wall-1", "satin", "women", "ivory rose navy",
          "pleated-skirt wide-trousers belted-coat", _t(neck="bow", sleeve="balloon", cuff="button", hip=48, hem="shirt", waist=43)),
    Style("ruffle-blouse", "Ruffle blouse", "荷叶边衬衫", "women", "blouse", "54.95", "women-wall-1", "viscose", "women", "blush white",
          "pencil-skirt slim-jeans", _t(neck="v", sleeve="three", cuff="button", details=("ruffle",), hem="shirt", front="buttons")),
    Style("puff-blouse", "Puff-sleeve blouse", "泡泡袖衬衫", "women", "blouse", "44.95", "women-wall-1", "poplin", "women", "white lilac sage",
          "denim-skirt mom-jeans", _t(neck="square", sleeve="puff", waist=38, hip=44, hem_y=178, hem="elastic", details=("darts",))),
    Style("floral-blouse", "Meadow blouse", "花田衬衫", "women", "blouse", "49.95", "women-wall-1", "viscose", "women", "navy rust",
          "wide-trousers straight-jeans", _t(neck="v", sleeve="long", cuff="button", front="buttons", hem="shirt", body=Pattern("floral", "#f4d9c6", 15, 3.6, "#e59a6f"))),
    Style("wrap-dress", "Wrap dress", "裹身连衣裙", "women", "dress", "89.95", "women-wall-1", "viscose", "women", "emerald burgundy",
          "heel-boots crossbody-bag denim-jacket", _t(**_DRESS, neck="wrap", sleeve="elbow", belt="tied", details=("overlap",))),
    Style("slip-dress", "Satin slip dress", "缎面吊带裙", "women", "dress", "79.95", "women-wall-1", "satin", "women", "sage black",
          "boyfriend-blazer court-shoes chunky-cardigan", _t(**{**_DRESS, "hip": 52, "waist": 35}, neck="straps", sleeve="none", details=("slit",))),
    Style("shirt-dress", "Belted shirt dress", "系带衬衫裙", "women", "dress", "84.95", "women-wall-1", "cotton", "women", "sand blue",
          "leather-tote strap-sandals", _t(**{**_DRESS, "hip": 58}, neck="shirt", sleeve="three", cuff="turned", front="buttons", belt="buckled", pockets=("chest-flap",))),
    Style("floral-dress", "Tiered summer dress", "层叠夏日连衣裙", "women", "dress", "69.95", "women-wall-1", "viscose", "women", "coral ink",
          "denim-jacket strap-sandals", _t(**_DRESS, neck="square", sleeve="puff", details=("tiers", "waist-elastic"), body=Pattern("floral", CREAM, 19, 4.4, "#f2c14e"))),
    Style("knit-dress", "Ribbed knit dress", "罗纹针织裙", "women", "dress", "74.95", "women-wall-1", "cottonknit", "women", "camel charcoal",
          "chelsea-boots belted-coat", _t(hem_y=258, shoulder=34, chest=39, waist=35, waist_y=138, hip=45, neck="mock", sleeve="long", cuff="rib", hem="rib", body=_RIB)),
    Style("dot-dress", "Polka-dot tea dress", "波点茶歇裙", "women", "dress", "79.95", "women-wall-1", "viscose", "women", "black red",
          "ballet-flats crossbody-bag", _t(**_DRESS, neck="v", sleeve="short", details=("waist-seam", "gathers"), front="buttons", body=Pattern("dots", CREAM, 13, 4.4))),
    # Women, wall, front: skirts, coats, blazers
    Style("belted-coat", "Belted wool coat", "束带羊毛大衣", "women", "coat", "189.00", "women-wall-2", "cashmere", "women", "camel charcoal",
          "turtleneck wide-trousers check-scarf", _t(**_COAT, neck="shawl", sleeve="long", belt="tied", pockets=("slant",), hip=56, waist=40, chest=45)),
    Style("trench-coat", "Classic trench coat", "经典风衣", "women", "coat", "169.00", "women-wall-2", "gabardine", "women", "sand navy",
          "breton-top slim-jeans silk-scarf", _t(**{**_COAT, "cuff": "strap"}, neck="peak", sleeve="long", belt="buckled", front="double", pockets=("slant",), details=("epaulettes", "storm"), hip=58, waist=41, buttons="#6b4a30")),
    Style("puffer-coat", "Long puffer coat", "长款绗缝羽绒服", "women", "coat", "149.00", "women-wall-2", "down", "women", "black sage",
          "beanie turtleneck hiking-boots", _t(**_COAT, neck="funnel", sleeve="long", front="zip", hip=54, waist=50, chest=48, shoulder=38, body=Pattern("quilt", gap=19), loose=4)),
    Style("teddy-coat", "Teddy coat", "泰迪大衣", "women", "coat", "129.00", "women-wall-2", "fleece", "women", "cream brown",
          "straight-jeans beanie", _t(hem_y=236, waist_y=140, neck="notch", front="two-button", sleeve="long", hip=55, waist=52, chest=49, shoulder=40, pockets=("patch",), body=Pattern("marl"), loose=6)),
    Style("boyfriend-blazer", "Boyfriend blazer", "男友风西装外套", "women", "blazer", "119.00", "women-wall-2", "tailoring", "women", "black sand",
          "crew-tee wide-trousers slip-dress", _t(neck="notch", front="one-button", sleeve="long", cuff="button", hip=48, waist=44, hem_y=214, pockets=("flap", "breast-welt"), shoulder=38)),
    Style("check-blazer", "Checked blazer", "格纹西装外套", "women", "blazer", "129.00", "women-wall-2", "tailoring", "women", "grey camel",
          "turtleneck slim-jeans loafers", _t(neck="peak", front="double", sleeve="long", cuff="button", hip=47, waist=41, hem_y=206, pockets=("flap",), body=Pattern("check", "#f4ead8", 22, 5, "#7d3141"))),
    Style("pleated-skirt", "Pleated skirt", "百褶半裙", "women", "skirt", "59.95", "women-wall-2", "satin", "women", "sand ink forest",
          "silk-blouse merino-cardigan ankle-boots", _s(hem=62, hip=43, hem_y=208, details=("pleats",))),
    Style("pencil-skirt", "Pencil skirt", "铅笔裙", "women", "skirt", "49.95", "women-wall-2", "tailoring", "women", "black charcoal",
          "ruffle-blouse court-shoes", _s(hem=38, hip=43, hem_y=192, details=("slit", "seams"))),
    Style("satin-skirt", "Satin midi skirt", "缎面中长裙", "women", "skirt", "54.95", "women-wall-2", "satin", "women", "burgundy sage",
          "chunky-knit sneakers-low", _s(hem=56, hip=43, hem_y=210, details=("elastic",))),
    Style("wrap-skirt", "Checked wrap skirt", "格纹裹身裙", "women", "skirt", "59.95", "women-wall-2", "wool", "women", "rust forest",
          "turtleneck heel-boots", _s(hem=50, hip=43, hem_y=184, details=("wrap",), cloth=Pattern("check", "#f4ead8", 20, 6, "#e0b04a"))),
    # Women, knitwear
    Style("cable-knit", "Cable knit", "麻花针织衫", "women", "knit", "69.95", "women-island-1", "lambswool", "women", "cream moss",
          "satin-skirt slim-jeans", _t(neck="crew", sleeve="long", cuff="rib", hem="rib", body=Pattern("cable"), sleeves=_KNIT, details=("rib-neck",))),
    Style("chunky-knit", "Chunky roll-neck", "粗针高领毛衣", "women", "knit", "79.95", "women-island-1", "lambswool", "women", "ivory rust",
          "satin-skirt straight-jeans", _t(neck="turtle", sleeve="long", cuff="rib", hem="rib", body=Pattern("rib", gap=8), chest=47, waist=48, hip=48, loose=6)),
    Style("turtleneck", "Fine roll-neck", "修身高领衫", "women", "knit", "39.95", "women-island-1", "merino", "women", "black camel burgundy",
          "check-blazer belted-coat pencil-skirt", _t(neck="turtle", sleeve="long", chest=41, waist=38, hip=42, body=Pattern("rib", gap=3.4))),
    Style("fair-isle-knit", "Fair Isle jumper", "费尔岛提花毛衣", "women", "knit", "74.95", "women-island-1", "lambswool", "women", "teal charcoal",
          "mom-jeans beanie", _t(neck="crew", sleeve="long", cuff="rib", hem="rib", body=Pattern("fair-isle", CREAM, second="#d98c5f"), sleeves=Pattern("fair-isle", CREAM, second="#d98c5f"), details=("rib-neck",))),
    Style("merino-cardigan", "Merino cardigan", "美利奴开衫", "women", "cardigan", "64.95", "women-island-1", "merino", "women", "navy blush",
          "pleated-skirt crew-tee", _t(neck="v", front="buttons", sleeve="long", cuff="rib", hem="rib", body=_KNIT, waist=41, hip=43)),
    Style("chunky-cardigan", "Long chunky cardigan", "长款粗针开衫", "women", "cardigan", "84.95", "women-island-1", "lambswool", "women", "sand grey",
          "slip-dress straight-jeans", _t(hem_y=232, neck="deep-v", front="open", sleeve="long", cuff="rib", hem="rib", body=Pattern("rib", gap=7), pockets=("patch",), waist=46, hip=49, lining="#ece5d6")),
    # Women, denim and basics
    Style("straight-jeans", "Straight jeans", "直筒牛仔裤", "women", "jeans", "79.95", "women-island-2", "denim", "waist-w", "mid light",
          "breton-top chunky-knit sneakers-low", _l(band="denim", details=("fade", "five-pocket"), cloth=_DENIM, stitch="#d8a95c", outer=42, inner=9)),
    Style("slim-jeans", "Slim jeans", "修身牛仔裤", "women", "jeans", "79.95", "women-island-2", "denim", "waist-w", "indigo black",
          "ruffle-blouse check-blazer chelsea-boots", _l(band="denim", details=("five-pocket",), cloth=_DENIM, stitch="#d8a95c", outer=34, inner=10, hip=42, waist=33)),
    Style("mom-jeans", "Mom jeans", "高腰妈妈裤", "women", "jeans", "74.95", "women-island-2", "denim", "waist-w", "light",
          "puff-blouse fair-isle-knit", _l(band="denim", details=("fade", "five-pocket", "cuffed"), cloth=_DENIM, stitch="#e9ddc4", outer=38, inner=10, hip=46, waist=33, hem_y=218)),
    Style("denim-skirt", "Buttoned denim skirt", "排扣牛仔裙", "women", "skirt", "49.95", "women-island-2", "denim", "women", "mid light",
          "puff-blouse breton-top", _s(hem=50, hip=43, hem_y=172, details=("denim", "buttons", "pockets"), cloth=_DENIM, stitch="#d8a95c")),
    Style("denim-jacket", "Denim jacket", "牛仔夹克", "women", "jacket", "89.95", "women-island-2", "denim", "women", "mid indigo",
          "floral-dress crew-tee", _t(neck="shirt", front="buttons", sleeve="long", cuff="button", hem="elastic", hem_y=184, waist=42, hip=42, pockets=("chest-flap",), body=_DENIM, details=("yoke", "princess"), buttons=_GOLD)),
    Style("wide-trousers", "Wide-leg trousers", "阔腿裤", "women", "trousers", "69.95", "women-island-2", "tailoring", "waist-w", "charcoal ivory",
          "silk-blouse boyfriend-blazer", _l(band="pleated", details=("pleats", "crease", "slant-pocket"), outer=56, inner=4, hip=43, waist=31, knee=-4)),
    Style("ribbed-top", "Ribbed top", "罗纹上衣", "women", "top", "24.95", "women-island-2", "jersey", "women", "coral white black",
          "denim-skirt linen-trousers", _t(neck="scoop", sleeve="none", body=Pattern("rib", gap=4), waist=36, hip=40, hem_y=178, chest=40)),
    Style("crew-tee", "Everyday crew tee", "百搭圆领 T 恤", "women", "top", "19.95", "women-island-2", "jersey", "women", "white navy sage",
          "boyfriend-blazer denim-jacket", _t(neck="crew", sleeve="short", details=("rib-neck",), waist=41, hip=43, hem_y=192)),
    Style("breton-top", "Breton top", "海魂条纹衫", "women", "top", "34.95", "women-island-2", "jersey", "women", "white",
          "trench-coat straight-jeans", _t(neck="boat", sleeve="three", body=Pattern("stripes", INK, 9.5, 3.6), waist=41, hip=43, hem_y=192)),
    Style("linen-trousers", "Linen drawstring trousers", "亚麻抽绳裤", "women", "trousers", "54.95", "women-island-2", "linen", "women", "sand white",
          "ribbed-top strap-sandals", _l(band="tied", details=("slant-pocket",), outer=50, inner=6, hip=45, hem_y=222)),
    # Men, shirts
    Style("oxford-shirt", "Oxford shirt", "牛津衬衫", "men", "shirt", "54.95", "men-island-1", "cotton", "men", "blue white",
          "slim-chinos crew-merino desert-boots", _t(neck="shirt", front="buttons", sleeve="long", cuff="button", hem="shirt", pockets=("chest",), details=("button-down",))),
    Style("stripe-shirt", "Striped poplin shirt", "条纹府绸衬衫", "men", "shirt", "49.95", "men-island-1", "poplin", "men", "white blue",
          "suit-trousers suit-jacket", _t(neck="shirt", front="buttons", sleeve="long", cuff="button", hem="shirt", body=Pattern("pinstripes", "#4b6c9c", 5.5, 1.3))),
    Style("flannel-shirt", "Checked flannel shirt", "格纹法兰绒衬衫", "men", "shirt", "59.95", "men-island-1", "cotton", "men", "red forest",
          "slim-fit-jeans crew-tee-men hiking-boots", _t(neck="shirt", front="buttons", sleeve="long", cuff="button", hem="shirt", pockets=("chest-flap",), body=Pattern("check", CREAM, 19, 8, "#f2c14e"))),
    Style("linen-shirt", "Linen camp shirt", "亚麻古巴领衬衫", "men", "shirt", "49.95", "men-island-1", "linen", "men", "sage sand",
          "chino-shorts strap-sandals", _t(neck="camp", front="buttons", sleeve="short", pockets=("chest",), hip=48, waist=46)),
    Style("denim-shirt", "Denim shirt", "牛仔衬衫", "men", "shirt", "64.95", "men-island-1", "denim", "men", "mid indigo",
          "cargo-trousers crew-tee-men", _t(neck="shirt", front="snaps", sleeve="long", cuff="button", hem="shirt", pockets=("chest-flap",), body=_DENIM, details=("yoke",), buttons="#e9e2d2")),
    Style("polo-shirt", "Piqué polo", "珠地布 Polo 衫", "men", "polo", "39.95", "men-island-1", "cotton", "men", "navy white forest",
          "slim-chinos chino-shorts sneakers-low", _t(neck="polo", sleeve="short", cuff="rib", hem_y=198)),
    Style("knit-polo", "Knitted polo", "针织 Polo 衫", "men", "polo", "59.95", "men-island-1", "cottonknit", "men", "ivory brown",
          "suit-trousers loafers-men", _t(neck="polo", sleeve="short", cuff="rib", hem="rib", body=_KNIT, hem_y=196)),
    Style("crew-tee-men", "Heavy crew tee", "厚磅圆领 T 恤", "men", "top", "24.95", "men-island-1", "cotton", "men", "white black olive",
          "flannel-shirt slim-fit-jeans", _t(neck="crew", sleeve="short", details=("rib-neck",), hip=47, waist=46)),
    Style("henley", "Henley top", "亨利领上衣", "men", "top", "34.95", "men-island-1", "cotton", "men", "ivory slate",
          "denim-shirt cargo-trousers", _t(neck="crew", sleeve="long", cuff="rib", front="henley", details=("rib-neck",))),
    # Men, trousers
    Style("slim-chinos", "Slim chinos", "修身休闲裤", "men", "trousers", "64.95", "men-island-2", "cord", "waist-m", "olive navy sand",
          "oxford-shirt polo-shirt desert-boots", _l(details=("slant-pocket",), outer=37, inner=10)),
    Style("suit-trousers", "Suit trousers", "西裤", "men", "trousers", "89.95", "men-island-2", "tailoring", "waist-m", "charcoal navy",
          "suit-jacket stripe-shirt derby-shoes", _l(band="pleated", details=("crease", "slant-pocket"), outer=39, inner=10)),
    Style("cargo-trousers", "Cargo trousers", "工装裤", "men", "trousers", "69.95", "men-island-2", "cotton", "waist-m", "olive black",
          "henley hoodie-men sneakers-high", _l(details=("cargo", "knee"), outer=42, inner=9, hip=45)),
    Style("cord-trousers", "Corduroy trousers", "灯芯绒裤", "men", "trousers", "74.95", "men-island-2", "cord", "waist-m", "rust brown",
          "oxford-shirt shawl-cardigan", _l(details=("slant-pocket",), cloth=Pattern("cord", gap=4.2), outer=41, inner=9)),
    Style("slim-fit-jeans", "Slim-fit jeans", "修身牛仔裤", "men", "jeans", "79.95", "men-island-2", "denim", "waist-m", "indigo mid",
          "crew-tee-men biker-jacket chelsea-boots-men", _l(band="denim", details=("fade", "five-pocket"), cloth=_DENIM, stitch="#d8a95c", outer=38, inner=10)),
    Style("joggers", "Sweat joggers", "运动束脚裤", "men", "trousers", "44.95", "men-island-2", "fleece", "men", "grey black",
          "hoodie-men running-shoes", _l(band="tied", details=("slant-pocket", "rib-cuff"), outer=31, inner=13, knee=9, hem_y=220)),
    Style("track-trousers", "Track trousers", "侧条运动裤", "men", "trousers", "49.95", "men-island-2", "shell", "men", "navy forest",
          "sweatshirt sneakers-low", _l(band="elastic", details=("side-stripe", "slant-pocket"), outer=38, inner=10)),
    Style("chino-shorts", "Chino shorts", "休闲短裤", "men", "shorts", "39.95", "men-island-2", "cotton", "waist-m", "sand navy",
          "linen-shirt polo-shirt", _l(details=("slant-pocket", "cuffed"), outer=50, inner=4, hip=45, hem_y=146)),
    # Men, jackets and knitwear
    Style("field-jacket", "Field jacket", "工装夹克", "men", "jacket", "129.00", "men-round", "gabardine", "men", "slate olive",
          "henley slim-chinos desert-boots", _t(hem_y=212, neck="shirt", front="zip", sleeve="long", cuff="button", pockets=("chest-flap", "bellows"), details=("epaulettes",), hip=48)),
    Style("bomber-jacket", "Bomber jacket", "飞行员夹克", "men", "jacket", "99.95", "men-round", "shell", "men", "olive black",
          "crew-tee-men slim-fit-jeans", _t(neck="stand", front="zip", sleeve="long", cuff="rib", hem="rib", hem_y=190, pockets=("slant",), details=("raglan",), chest=46, waist=47, hip=44)),
    Style("biker-jacket", "Leather biker jacket", "机车皮夹克", "men", "jacket", "249.00", "men-round", "leather", "men", "black cognac",
          "crew-tee-men slim-fit-jeans chelsea-boots-men", _t(neck="notch", front="zip", sleeve="long", cuff="strap", hem="straight", hem_y=188, belt="", pockets=("welt", "breast-welt"), details=("epaulettes", "princess"), waist=41, hip=42, lining="#3a3f4a")),
    Style("puffer-jacket", "Puffer jacket", "短款羽绒服", "men", "jacket", "119.00", "men-round", "down", "men", "cobalt rust",
          "hoodie-men cargo-trousers beanie", _t(neck="funnel", front="zip", sleeve="long", cuff="elastic", hem="elastic", hem_y=192, body=Pattern("quilt", gap=17), chest=48, waist=49, hip=47, loose=5)),
    Style("quilted-vest", "Quilted gilet", "菱格马甲", "men", "jacket", "79.95", "men-round", "shell", "men", "navy forest",
          "oxford-shirt crew-merino cord-trousers", _t(neck="stand", front="zip", sleeve="none", hem_y=196, body=Pattern("diamonds", gap=13), pockets=("slant",), waist=45, hip=46)),
    Style("peacoat", "Double-breasted peacoat", "双排扣海军大衣", "men", "coat", "189.00", "men-round", "wool", "men", "navy charcoal",
          "crew-merino slim-chinos check-scarf", _t(hem_y=222, neck="peak", front="double", sleeve="long", pockets=("slant",), hip=49, waist=45, shoulder=38)),
    Style("duffle-coat", "Duffle coat", "牛角扣大衣", "men", "coat", "179.00", "men-round", "wool", "men", "camel navy",
          "flannel-shirt cord-trousers", _t(hem_y=236, neck="hood", front="toggles", sleeve="long", pockets=("patch",), hip=51, waist=48)),
    Style("suit-jacket", "Two-button suit jacket", "两粒扣西装", "men", "blazer", "159.00", "men-round", "tailoring", "men", "charcoal navy",
          "suit-trousers stripe-shirt derby-shoes", _t(hem_y=208, neck="notch", front="two-button", sleeve="long", cuff="button", pockets=("flap", "breast-welt"), waist=42, hip=47, shoulder=38)),
    Style("tweed-blazer", "Herringbone blazer", "人字纹西装", "men", "blazer", "169.00", "men-round", "wool", "men", "brown grey",
          "oxford-shirt cord-trousers", _t(hem_y=208, neck="notch", front="two-button", sleeve="long", cuff="button", pockets=("patch", "breast-welt"), body=Pattern("tweed", "#f6f0e2"), details=("elbows",), waist=43, hip=47, shoulder=38)),
    Style("crew-merino", "Merino knit", "美利奴针织衫", "men", "knit", "74.95", "men-round", "merino", "men", "burgundy navy",
          "oxford-shirt slim-chinos", _t(neck="crew", sleeve="long", cuff="rib", hem="rib", body=_KNIT, details=("rib-neck",))),
    Style("shawl-cardigan", "Shawl-collar cardigan", "青果领开衫", "men", "cardigan", "94.95", "men-round", "lambswool", "men", "grey forest",
          "oxford-shirt cord-trousers", _t(neck="shawl", front="buttons", sleeve="long", cuff="rib", hem="rib", body=Pattern("rib", gap=6), pockets=("patch",), buttons="#6b4a30")),
    Style("hoodie-men", "Loopback hoodie", "毛圈连帽卫衣", "men", "sweat", "59.95", "men-round", "fleece", "men", "grey ink",
          "joggers cargo-trousers", _t(neck="hood", sleeve="long", cuff="rib", hem="rib", pockets=("kangaroo",), details=("drawcord",), waist=46, hip=45, loose=4)),
    Style("sweatshirt", "Half-zip sweatshirt", "半拉链卫衣", "men", "sweat", "54.95", "men-round", "fleece", "men", "forest sand",
          "slim-chinos track-trousers", _t(neck="stand", front="half-zip", sleeve="long", cuff="rib", hem="rib", waist=46, hip=45)),
    # Kids
    Style("kids-tee-sun", "Sunrise tee", "儿童日出 T 恤", "kids", "top", "14.95", "kids-rail", "cotton", "kids", "mint blue",
          "kids-jeans kids-hoodie", _t(neck="crew", sleeve="short", details=("rib-neck", "arch"), hem_y=184, waist=44, hip=46)),
    Style("kids-tee-wave", "Wave tee", "儿童波浪 T 恤", "kids", "top", "14.95", "kids-rail", "cotton", "kids", "sea coral",
          "kids-jeans", _t(neck="crew", sleeve="short", details=("rib-neck", "wave"), hem_y=184, waist=44, hip=46)),
    Style("kids-sweat-star", "Star sweatshirt", "儿童星星卫衣", "kids", "sweat", "24.95", "kids-rail", "fleece", "kids", "yellow navy",
          "kids-joggers", _t(neck="crew", sleeve="long", cuff="rib", hem="rib", details=("rib-neck", "star", "raglan"), hem_y=186)),
    Style("kids-hoodie", "Soft hoodie", "儿童连帽卫衣", "kids", "sweat", "29.95", "kids-rail", "fleece", "kids", "lilac sea",
          "kids-jeans kids-tee-sun", _t(neck="hood", sleeve="long", cuff="rib", hem="rib", pockets=("kangaroo",), details=("drawcord",), hem_y=192)),
    Style("kids-whale-knit", "Whale jumper", "儿童鲸鱼毛衣", "kids", "knit", "29.95", "kids-rail", "cottonknit", "kids", "navy teal",
          "kids-joggers", _t(neck="crew", sleeve="long", cuff="rib", hem="rib", body=_KNIT, details=("rib-neck", "whale"), hem_y=188)),
    Style("kids-rain-jacket", "Rain jacket", "儿童雨衣", "kids", "jacket", "39.95", "kids-rail", "shell", "kids", "yellow red",
          "kids-jeans", _t(neck="hood", front="zip", sleeve="long", cuff="elastic", pockets=("flap",), hem_y=204, hip=50, waist=47)),
    Style("kids-dress", "Twirl dress", "儿童转圈裙", "kids", "dress", "27.95", "kids-rail", "jersey", "kids", "rose mint",
          "kids-cardigan", _t(hem_y=222, shoulder=34, chest=38, waist=36, waist_y=122, hip=62, neck="crew", sleeve="short", hem="flared", details=("waist-seam", "gathers"), body=Pattern("dots", CREAM, 15, 4))),
    Style("kids-cardigan", "Little cardigan", "儿童开衫", "kids", "cardigan", "26.95", "kids-rail", "cottonknit", "kids", "cream coral",
          "kids-dress", _t(neck="crew", front="buttons", sleeve="long", cuff="rib", hem="rib", body=_KNIT, details=("rib-neck",), hem_y=182)),
    Style("kids-jeans", "Pull-on jeans", "儿童松紧牛仔裤", "kids", "jeans", "24.95", "kids-rail", "denim", "kids", "mid light",
          "kids-tee-wave kids-hoodie", _l(band="elastic", details=("five-pocket", "cuffed"), cloth=_DENIM, stitch="#d8a95c", outer=39, inner=9, hem_y=208)),
    Style("kids-joggers", "Knee-patch joggers", "儿童束脚裤", "kids", "trousers", "19.95", "kids-rail", "fleece", "kids", "grey moss",
          "kids-sweat-star", _l(band="tied", details=("knee", "rib-cuff"), outer=32, inner=13, knee=8, hem_y=206)),
    # Shoes
    Style("sneakers-low", "Court sneakers", "小白鞋", "all", "sneakers", "89.95", "shoes-wall", "leather", "feet-w", "white black", "straight-jeans satin-skirt slim-chinos", extras.sneaker),
    Style("sneakers-high", "High-top sneakers", "高帮帆布鞋", "all", "sneakers", "69.95", "shoes-wall", "canvas", "feet-m", "navy black", "cargo-trousers", extras.high_top),
    Style("running-shoes", "Running shoes", "跑步鞋", "men", "sneakers", "109.00", "shoes-wall", "shell", "feet-m", "cobalt slate", "joggers", extras.runner),
    Style("loafers", "Penny loafers", "乐福鞋", "women", "shoes", "99.95", "shoes-wall", "leather", "feet-w", "cognac black", "check-blazer wide-trousers", extras.loafer),
    Style("loafers-men", "Suede loafers", "绒面乐福鞋", "men", "shoes", "109.00", "shoes-wall", "suede", "feet-m", "brown navy", "knit-polo suit-trousers", extras.loafer),
    Style("derby-shoes", "Derby shoes", "德比鞋", "men", "shoes", "129.00", "shoes-wall", "leather", "feet-m", "black cognac", "suit-trousers suit-jacket", extras.derby),
    Style("court-shoes", "Court shoes", "细跟浅口鞋", "women", "shoes", "89.95", "shoes-wall", "suede", "feet-w", "black rose", "pencil-skirt slip-dress", extras.pump),
    Style("ballet-flats", "Ballet flats", "芭蕾平底鞋", "women", "shoes", "59.95", "shoes-wall", "leather", "feet-w", "black red", "dot-dress slim-jeans", extras.ballerina),
    Style("strap-sandals", "Two-strap sandals", "双带凉鞋", "all", "shoes", "69.95", "shoes-wall", "leather", "feet-w", "cognac black", "linen-trousers shirt-dress", extras.sandal),
    Style("chelsea-boots", "Chelsea boots", "切尔西靴", "women", "boots", "129.00", "shoes-wall", "leather", "feet-w", "black brown", "knit-dress slim-jeans", extras.chelsea),
    Style("chelsea-boots-men", "Suede Chelsea boots", "绒面切尔西靴", "men", "boots", "139.00", "shoes-wall", "suede", "feet-m", "camel charcoal", "slim-fit-jeans biker-jacket", extras.chelsea),
    Style("heel-boots", "Heeled ankle boots", "粗跟短靴", "women", "boots", "139.00", "shoes-wall", "leather", "feet-w", "burgundy black", "wrap-dress wrap-skirt", extras.heel_boot),
    Style("ankle-boots", "Zip ankle boots", "拉链踝靴", "women", "boots", "119.00", "shoes-wall", "suede", "feet-w", "sand moss", "pleated-skirt", extras.heel_boot),
    Style("desert-boots", "Desert boots", "沙漠靴", "men", "boots", "99.95", "shoes-wall", "suede", "feet-m", "sand slate", "slim-chinos field-jacket", extras.derby),
    Style("hiking-boots", "Hiking boots", "登山靴", "all", "boots", "149.00", "shoes-wall", "suede", "feet-m", "olive brown", "puffer-coat flannel-shirt", extras.hiker),
    # Accessories
    Style("leather-tote", "Leather tote", "皮质托特包", "women", "bag", "149.00", "bags-table", "leather", "one", "cognac black", "shirt-dress trench-coat", extras.tote),
    Style("crossbody-bag", "Crossbody bag", "斜挎包", "women", "bag", "79.95", "bags-table", "leather", "one", "forest burgundy", "wrap-dress dot-dress", extras.crossbody),
    Style("bucket-bag", "Bucket bag", "水桶包", "women", "bag", "89.95", "bags-table", "suede", "one", "camel plum", "floral-dress", extras.bucket_bag),
    Style("canvas-backpack", "Canvas backpack", "帆布双肩包", "all", "bag", "69.95", "bags-table", "canvas", "one", "olive navy", "cargo-trousers field-jacket", extras.backpack),
    Style("check-scarf", "Checked wool scarf", "格纹羊毛围巾", "all", "scarf", "39.95", "accessories-table", "wool", "one", "camel red", "belted-coat peacoat", partial(extras.scarf, Pattern("check", CREAM, 17, 5, "#2b2d33"))),
    Style("rib-scarf", "Ribbed scarf", "罗纹围巾", "all", "scarf", "29.95", "accessories-table", "lambswool", "one", "grey mustard", "puffer-jacket teddy-coat", partial(extras.scarf, Pattern("rib", gap=5))),
    Style("silk-scarf", "Silk square", "真丝方巾", "women", "scarf", "44.95", "accessories-table", "silk", "one", "red teal", "trench-coat boyfriend-blazer", extras.foulard),
    Style("beanie", "Bobble beanie", "毛球针织帽", "all", "hat", "19.95", "accessories-table", "lambswool", "one", "mustard navy", "puffer-coat fair-isle-knit", extras.beanie),
    Style("baseball-cap", "Baseball cap", "棒球帽", "all", "hat", "19.95", "accessories-table", "cotton", "one", "navy sand", "hoodie-men kids-tee-sun", extras.cap),
    Style("bucket-hat", "Bucket hat", "渔夫帽", "all", "hat", "24.95", "accessories-table", "cotton", "hat", "sage black", "linen-shirt denim-skirt", extras.bucket_hat),
    Style("felt-hat", "Wide-brim felt hat", "宽檐毡帽", "women", "hat", "49.95", "accessories-table", "felt", "hat", "camel burgundy", "belted-coat knit-dress", extras.felt_hat),
    Style("leather-belt", "Leather belt", "皮带", "all", "belt", "34.95", "accessories-table", "leather", "belt", "cognac black", "slim-chinos straight-jeans", extras.belt),
    Style("stripe-socks", "Striped socks", "条纹袜", "all", "accessory", "9.95", "accessories-table", "cottonknit", "one", "forest coral", "sneakers-low", extras.socks),
    Style("leather-gloves", "Leather gloves", "皮手套", "all", "accessory", "44.95", "accessories-table", "leather", "one", "brown black", "peacoat belted-coat", extras.gloves),
    Style("sunglasses", "Round sunglasses", "圆框太阳镜", "all", "accessory", "29.95", "accessories-table", "acetate", "one", "brown forest", "linen-shirt floral-dress", extras.sunglasses),
)  # fmt: skip
