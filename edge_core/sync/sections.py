"""The records of the hub and the settings of a site: written as the one, read as the other.

A section that the hub says nothing of leaves the store PC's own files as they are.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from edge_core.config import (
    AttributesConfig,
    AudienceConfig,
    CouponConfig,
    DirectoryConfig,
    OffersConfig,
    PrivacyConfig,
    Product,
    Products,
    ProgrammeItem,
    ShopConfig,
    SiteConfig,
)
from edge_core.config.base import LocalTime, Section
from edge_core.errors import ConfigError, Problem
from edge_core.privacy.packs import FUNCTIONS
from edge_core.sync.content import Content
from edge_core.sync.protocol import Section as SectionName

_DIRECTORY: Final[tuple[SectionName, ...]] = (
    "categories", "stores", "places", "connectors", "closures",
)  # fmt: skip
_STOCK: Final = {"stock", "nearby"}
ONE: Final = "all"
"""Key of a section's only record."""

Draft = tuple[SectionName, str, dict[str, Any]]
"""Section, key and body of a record to be published."""
_Model = TypeVar("_Model", bound=BaseModel)


class SettingsConfig(Section):
    """What a hub may set of a site's screens; what is left out stays as site.toml has it."""

    opens: LocalTime | None = None
    closes: LocalTime | None = None
    languages: tuple[str, ...] | None = Field(default=None, min_length=1)


def directory_records(directory: DirectoryConfig) -> Iterator[Draft]:
    """A mall's stores, places and ways."""
    for section in _DIRECTORY:
        for place, it in enumerate(getattr(directory, section)):
            yield section, getattr(it, "id", None) or f"{place:03}", _body(it)


def offers_records(offers: OffersConfig) -> Iterator[Draft]:
    """Who visits which store, coupons with their budgets, and how they are given."""
    yield "offers", ONE, {"exploration": offers.exploration, "holdout": offers.holdout}
    for audience in offers.audiences:
        yield "audiences", audience.store, _body(audience)
    for coupon in offers.coupons:
        yield "coupons", coupon.id, _body(coupon)


def product_records(products: Iterable[Product]) -> Iterator[Draft]:
    """The catalogue, and apart from it what is left of each product."""
    for product in products:
        yield "products", product.gtin, _body(product, _STOCK)
        stock = product.model_dump(mode="json", include=_STOCK, exclude_defaults=True)
        if stock:
            yield "stock", product.gtin, stock


def site_records(site: SiteConfig) -> Iterator[Draft]:
    """Other shops, today's programme, policy and settings, as a site file has them.

    Racks with their zones are for the hub's advice; a store PC keeps to its own plan.
    """
    for rack in site.racks:
        yield "racks", rack.id, {"zone": rack.zone or ""}
    for shop in site.shops:
        yield "shops", shop.id, _body(shop)
    for place, it in enumerate(site.programme):
        yield "programme", f"{place:03}", _body(it)
    yield "policy", ONE, site.privacy.model_dump(mode="json")
    told = SettingsConfig(
        opens=site.site.opens, closes=site.site.closes, languages=site.site.languages
    )
    yield "settings", ONE, told.model_dump(mode="json")


def directory_of(content: Content) -> DirectoryConfig | None:
    """The directory, or None where the hub tells none. Raises ConfigError."""
    if not content.bodies("stores"):
        return None
    return _parse(DirectoryConfig, {name: content.bodies(name) for name in _DIRECTORY}, "directory")


def offers_of(content: Content) -> OffersConfig | None:
    """Coupons and audiences, or None where the hub tells none. Raises ConfigError."""
    rules = content.keyed("offers").get(ONE)
    if rules is None:
        return None
    audiences, coupons = content.bodies("audiences"), content.bodies("coupons")
    said = {**rules, "audiences": audiences, "coupons": coupons}
    return _parse(OffersConfig, said, "offers")


def products_of(content: Content) -> Products | None:
    """The catalogue with the stock, or None where the hub tells none. Raises ConfigError."""
    bodies = content.bodies("products")
    if not bodies:
        return None
    stock = content.keyed("stock")
    rows = [_parse(Product, it | stock.get(str(it.get("gtin")), {}), "products") for it in bodies]
    try:
        return Products(rows)
    except ValueError as error:
        raise _mistake("products", str(error)) from None


def site_of(content: Content, site: SiteConfig) -> SiteConfig:
    """A site with what the hub sets of it; of two privacy policies the stricter holds.

    Raises:
        ConfigError: the hub sets something that cannot be.
    """
    changes: dict[str, Any] = {}
    if shops := content.bodies("shops"):
        changes["shops"] = tuple(_parse(ShopConfig, it, "shops") for it in shops)
    if programme := content.bodies("programme"):
        changes["programme"] = tuple(_parse(ProgrammeItem, it, "programme") for it in programme)
    if policy := content.keyed("policy").get(ONE):
        privacy = stricter(site.privacy, _parse(PrivacyConfig, policy, "policy"))
        changes["privacy"] = privacy
        changes["attributes"] = _allowed(site.attributes, privacy)
    if said := content.keyed("settings").get(ONE):
        settings = _parse(SettingsConfig, said, "settings")
        told = {key: it for key, it in settings.model_dump().items() if it is not None}
        changes["site"] = _parse(type(site.site), site.site.model_dump() | told, "settings")
    return site.model_copy(update=changes)


def stricter(own: PrivacyConfig, told: PrivacyConfig) -> PrivacyConfig:
    """Of two policies, whatever protects more."""
    return own.model_copy(
        update={
            "off": tuple(it for it in FUNCTIONS if it in (*own.off, *told.off)),
            "minimum_group": max(own.minimum_group, told.minimum_group),
            "event_days": min(own.event_days, told.event_days),
            "embedding_ttl_s": min(own.embedding_ttl_s, told.embedding_ttl_s),
        }
    )


def _allowed(wished: AttributesConfig, privacy: PrivacyConfig) -> AttributesConfig:
    face = wished.face and privacy.allows("face-attributes")
    body = wished.body if privacy.allows("body-attributes") else ()
    return wished.model_copy(update={"face": face, "body": body})


def check_record(section: SectionName, body: dict[str, Any]) -> None:
    """Raise ConfigError unless a record is one its section can have; see `edge_core.hub`."""
    models: dict[str, type[BaseModel]] = {
        "audiences": AudienceConfig,
        "coupons": CouponConfig,
        "products": Product,
        "shops": ShopConfig,
        "programme": ProgrammeItem,
        "policy": PrivacyConfig,
        "settings": SettingsConfig,
    }
    if section in models:
        _parse(models[section], body, section)


def _body(model: BaseModel, leave_out: set[str] | None = None) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_defaults=True, exclude=leave_out)


def _parse(kind: type[_Model], said: Any, where: str) -> _Model:
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (where, *first["loc"]))
        raise _mistake(key, first["msg"].removeprefix("Value error, ")) from None


def _mistake(key: str, reason: str) -> ConfigError:
    remedy = "Correct it at the hub and publish again."
    return ConfigError("The hub's content", [Problem(None, key, "", reason.rstrip("."), remedy)])
