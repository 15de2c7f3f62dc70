"""What the kiosk's pages show."""

from kiosk.view_models.kiosk import KioskModel
from kiosk.view_models.programme import Programme, ProgrammeRow, programme_rows

__all__ = ["KioskModel", "Programme", "ProgrammeRow", "programme_rows"]
