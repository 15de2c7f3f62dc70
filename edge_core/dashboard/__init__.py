"""The operator's pages, mounted on the edge service's own app."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from edge_core.service.desk import OperatorDesk
    from edge_core.service.views import ServiceState


def mount_dashboard(
    app: "FastAPI", state: "ServiceState", desk: "OperatorDesk | None" = None
) -> None:
    """Add the pages to the API's app before it serves; see `edge_core.dashboard.mount`."""
    # Imported here, in the core process: the supervisor only hands this function on.
    from edge_core.dashboard.mount import mount_dashboard as mount

    mount(app, state, desk)
