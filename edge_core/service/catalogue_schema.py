"""What the local API says of the shop's products, as pydantic models."""

from decimal import Decimal

from pydantic import Field

from edge_core.service.schema import View


class ProductView(View):
    """One size and colour."""

    sku: str
    style: str
    name: str
    name_zh: str
    size: str = ""
    colour: str = ""
    colour_zh: str = ""
    tint: str = ""
    picture: str = ""
    price: Decimal | None = Field(default=None, description="in the site's currency")
    stock: int | None = Field(default=None, description="pieces here now; null = unknown")
    rack: str | None = Field(default=None, description="id of the rack it hangs on")
    nearby: dict[str, int] = Field(default={}, description="pieces, by id of a shop of the site")


class ProductsView(View):
    """GET /v1/products?skus=a,b: those of them that the table knows, in the order asked."""

    products: list[ProductView]


class StyleView(View):
    """GET /v1/products/{sku}/style: everything about a style, told by one of its SKUs."""

    style: str
    department: str = ""
    category: str | None = None
    material: str = ""
    material_zh: str = ""
    care: list[str] = Field(default=[], description="codes, see `edge_core.config.Care`")
    products: list[ProductView] = Field(description="sizes and colours, in the table's order")
    goes_with: list[ProductView] = Field(
        description="one of each style that the shop shows with it"
    )
