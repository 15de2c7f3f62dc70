"""Who may see the operator's pages, and for how long."""

from pydantic import Field

from edge_core.config.base import Section


class AccessConfig(Section):
    """Sessions of the operator's pages, and how long it is known who looked."""

    idle_minutes: int = Field(
        default=60, ge=1, le=1440, description="signed out after so long without a touch"
    )
    longest_hours: int = Field(default=12, ge=1, le=720, description="signed out then in any case")
    log_days: int = Field(default=90, ge=1, le=3650, description="the access log is kept this long")
