"""site.toml: one pydantic model per section, and a loader that names every mistake."""

from edge_core.config.access import AccessConfig
from edge_core.config.attributes import AttributesConfig
from edge_core.config.base import PointM, PointPx
from edge_core.config.cameras import CameraConfig, PointPair
from edge_core.config.directory import (
    CategoryConfig,
    ClosureConfig,
    ConnectorConfig,
    DirectoryConfig,
    OfferConfig,
    PlaceConfig,
    StopConfig,
    StoreConfig,
)
from edge_core.config.floors import FixtureConfig, FloorConfig
from edge_core.config.loader import (
    load_directory,
    load_offers,
    load_site,
    parse_directory,
    parse_site,
)
from edge_core.config.models import ModelsConfig
from edge_core.config.offers import AudienceConfig, CouponConfig, OffersConfig
from edge_core.config.privacy import PrivacyConfig
from edge_core.config.products import Care, Category, Product, Products
from edge_core.config.racks import RackConfig
from edge_core.config.readers import AntennaConfig, ReaderConfig
from edge_core.config.screens import ScreenConfig
from edge_core.config.service import ServiceConfig
from edge_core.config.shops import ShopConfig
from edge_core.config.site import ProgrammeItem, SiteConfig, SiteSection
from edge_core.config.storage import StorageConfig
from edge_core.config.updates import UpdatesConfig
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.config.zones import PASSING, LineConfig, ZoneConfig

__all__ = [
    "PASSING",
    "AccessConfig",
    "AntennaConfig",
    "AttributesConfig",
    "AudienceConfig",
    "CameraConfig",
    "Care",
    "Category",
    "CategoryConfig",
    "ClosureConfig",
    "ConnectorConfig",
    "CouponConfig",
    "DirectoryConfig",
    "FixtureConfig",
    "FloorConfig",
    "HubConfig",
    "LineConfig",
    "ModelsConfig",
    "OfferConfig",
    "OffersConfig",
    "PlaceConfig",
    "PointM",
    "PointPair",
    "PointPx",
    "PrivacyConfig",
    "Product",
    "Products",
    "ProgrammeItem",
    "RackConfig",
    "ReaderConfig",
    "ScreenConfig",
    "ServiceConfig",
    "ShopConfig",
    "SiteConfig",
    "SiteSection",
    "StaffConfig",
    "StopConfig",
    "StorageConfig",
    "StoreConfig",
    "UpdatesConfig",
    "VisitsConfig",
    "ZoneConfig",
    "load_directory",
    "load_offers",
    "load_site",
    "parse_directory",
    "parse_site",
]
