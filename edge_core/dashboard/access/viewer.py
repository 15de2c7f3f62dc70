"""Whoever looks at a page."""

from dataclasses import dataclass

from nicegui import ui
from starlette.requests import HTTPConnection

from edge_core.dashboard.access.accounts import Role
from edge_core.dashboard.language import Language, Say


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who has signed in; the guard puts it on every request it lets through.

    Attributes:
        name: the account's.
        role: what they may do.
        address: where they come from.
        language: what they read.
    """

    name: str
    role: Role
    address: str
    language: Language = "en"

    @property
    def say(self) -> Say:
        """Says things in their language."""
        return Say(self.language)

    def may(self, role: Role) -> bool:
        """Whether they may see what is for `role`."""
        return self.role is Role.OPERATOR or role is Role.STAFF


def viewer_of(connection: HTTPConnection) -> Viewer:
    """Who a request that the guard let through is from."""
    viewer: Viewer = connection.state.viewer
    return viewer


def viewer() -> Viewer:
    """Who the page being built is for; call it inside a page."""
    request = ui.context.client.request
    assert request is not None
    return viewer_of(request)
