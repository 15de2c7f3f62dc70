"""What the mirror's pages show."""

from mirror.view_models.garments import Garments
from mirror.view_models.looks import Looks
from mirror.view_models.mirror import MirrorModel, part_of_day
from mirror.view_models.staff import Staff
from mirror.view_models.style import StylePage
from mirror.view_models.wander import wander

__all__ = ["Garments", "Looks", "MirrorModel", "Staff", "StylePage", "part_of_day", "wander"]
