"""Sign, notice and draft of an impact assessment, made of the site's settings. No legal advice."""

from edge_core.dashboard.notices.assessment import assessment
from edge_core.dashboard.notices.notice import notice
from edge_core.dashboard.notices.signage import signage

__all__ = ["assessment", "notice", "signage"]
