"""What suggestions are made from, as it is read before anything starts."""

from dataclasses import dataclass, field

from edge_core.config import DirectoryConfig, OffersConfig, Products


@dataclass(frozen=True, slots=True)
class Parts:
    """The site's files for suggestions; goes from process to process.

    Attributes:
        directory: its stores; an empty one where the site has none.
        offers: its coupons and stores' visitors; empty ones likewise.
        products: the shop's.
        lists_key: the 32 secret bytes of the key that signs lists for phones; None without
            `lists` under [hub].
        coupon_key: the 32 secret bytes of the Ed25519 key that signs what is taken home; None
            where the site has no directory.
    """

    directory: DirectoryConfig = DirectoryConfig()  # noqa: RUF009  # frozen
    offers: OffersConfig = OffersConfig()  # noqa: RUF009
    products: Products = field(default_factory=Products)
    coupon_key: bytes | None = field(default=None, repr=False)
    lists_key: bytes | None = field(default=None, repr=False)
