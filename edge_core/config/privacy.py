"""What may be kept, for how long, and what is never shown."""

from pydantic import Field

from edge_core.config.base import Section


class PrivacyConfig(Section):
    """Privacy policy of the site."""

    minimum_group: int = Field(default=5, ge=2, le=50, description="smaller counts are hidden")
    event_days: int = Field(default=400, ge=1, le=3650, description="events are kept this long")
    embedding_ttl_s: int = Field(default=1800, ge=60, le=43_200)
