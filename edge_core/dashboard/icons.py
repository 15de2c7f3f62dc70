"""Line drawings of 24 x 24 units for the navigation, drawn here so that none is fetched."""

from typing import Final

ICONS: Final = {
    "live": '<circle cx="12" cy="12" r="2.4"/><path d="M7.5 7.5a6.4 6.4 0 0 0 0 9M16.5 7.5a6.4'
    ' 6.4 0 0 1 0 9M4.6 4.6a10.4 10.4 0 0 0 0 14.8M19.4 4.6a10.4 10.4 0 0 1 0 14.8"/>',
    "today": '<path d="M4 20V11M10 20V5M16 20v-7M22 20H2"/>',
    "heatmap": '<rect x="3" y="3" width="18" height="18" rx="3"/><circle cx="9" cy="9" r="2.2"/>'
    '<circle cx="15" cy="14" r="3.6"/>',
    "flow": '<path d="M3 6c8 0 8 5 18 5M3 18c8 0 8-5 18-5M3 12h6"/>',
    "funnel": '<path d="M3 4h18l-7 9v6l-4 2v-8z"/>',
    "people": '<circle cx="9" cy="8" r="3.4"/><path d="M3 20c0-4 2.6-6.4 6-6.4s6 2.4 6 6.4M16 5a3.4'
    ' 3.4 0 0 1 0 6M17.6 14c2.2.8 3.4 3 3.4 6"/>',
    "items": '<path d="M12 7.5a2.3 2.3 0 1 1 1.9-3.6c.6 1 .2 2.1-.9 2.8-.7.5-1 .9-1 1.8v1L3.2 16c-1'
    ' .8-.5 2.5.9 2.5h15.8c1.4 0 1.9-1.7.9-2.5L12 9.5"/>',
    "staff": '<path d="M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.4h5"/>',
    "health": '<path d="M3 12h4l2.5-6 4.5 12 2.6-6H21"/>',
    "setup": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.2"/>'
    '<circle cx="9" cy="17" r="2.2"/>',
    "exports": '<path d="M12 3v12m-4.5-4.5L12 15l4.5-4.5M4 17v3.5h16V17"/>',
    "access": '<rect x="4.5" y="10.5" width="15" height="10" rx="2.4"/><path d="M8 10.5V7.6a4'
    ' 4 0 0 1 8 0v2.9M12 14.6v2"/>',
    "tally": '<path d="M5 5v14M9.5 5v14M14 5v14M18.5 5v14M2.5 16 21.5 8"/>',
    "more": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "page": '<path d="M6 3h8l4 4v14H6zM14 3v4h4"/>',
}


def icon(name: str) -> str:
    """The drawing of that name as SVG; hidden from readers, for a word stands beside it."""
    return f'<svg viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'
