"""What the local API's endpoints are handed."""

from typing import Annotated

from fastapi import Depends, Request

from edge_core.service.views import ServiceState


def _service(request: Request) -> ServiceState:
    service: ServiceState = request.app.state.service
    return service


Service = Annotated[ServiceState, Depends(_service)]
"""The running service behind the app that is asked."""
