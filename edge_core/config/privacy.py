"""What may be kept, for how long, what is never shown, and what the program does not do at all."""

from collections.abc import Callable
from typing import Self

from pydantic import Field, model_validator

from edge_core.config.base import Section
from edge_core.privacy.packs import FUNCTIONS, Function, Pack, PackName, load_pack

_Bound = Callable[[int], int]


class PrivacyConfig(Section):
    """Privacy policy of the site: a pack, and whatever the site is stricter in.

    After validation `off` holds what the pack switches off too, and what was not given is as wide
    as the pack allows, but no wider than the house's own habit.
    """

    pack: PackName = Field(default="strict", description="see `promenade privacy packs`")
    off: tuple[Function, ...] = Field(default=(), description="switched off beside the pack's")
    minimum_group: int = Field(default=5, ge=2, le=50, description="smaller counts are hidden")
    event_days: int = Field(default=400, ge=1, le=3650, description="events are kept this long")
    embedding_ttl_s: int = Field(default=1800, ge=60, le=43_200)
    operator: str = Field(default="", max_length=120, description="who answers for the cameras")
    contact: str = Field(default="", max_length=120, description="where people may ask them")

    @model_validator(mode="after")
    def _by_the_pack(self) -> Self:
        pack = load_pack(self.pack)
        said = self.model_fields_set
        off = tuple(it for it in FUNCTIONS if it in (*pack.off, *self.off))
        object.__setattr__(self, "off", off)
        for name, bound in self._bounds(pack).items():
            if name not in said:
                object.__setattr__(self, name, bound(getattr(self, name)))
        return self

    @staticmethod
    def _bounds(pack: Pack) -> dict[str, _Bound]:
        return {
            "minimum_group": lambda it: max(it, pack.minimum_group_least),
            "event_days": lambda it: min(it, pack.event_days_most),
            "embedding_ttl_s": lambda it: min(it, pack.embedding_ttl_s_most),
        }

    def beyond_pack(self) -> list[tuple[str, int, int]]:
        """Key, value and the pack's limit of what the site sets looser than its pack allows."""
        values = {name: getattr(self, name) for name in self._bounds(load_pack(self.pack))}
        bounds = self._bounds(load_pack(self.pack))
        limits = {name: bounds[name](value) for name, value in values.items()}
        return [(name, it, limits[name]) for name, it in values.items() if it != limits[name]]

    def allows(self, function: Function) -> bool:
        """Whether a function is there at all."""
        return function not in self.off

    @property
    def recognises(self) -> bool:
        """Whether anybody is recognised by their looks; else no appearance is ever taken."""
        return self.allows("returning-visitors") or self.allows("across-cameras")
