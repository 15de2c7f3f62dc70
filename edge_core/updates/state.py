"""What the updater remembers: how far an update has come, and which versions did not hold here."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge_core.updates.files import write_whole

Phase = Literal["idle", "switching", "probation", "returning"]
MOST_NOTES: Final = 50
INTERRUPTIONS: Final = 2
"""A version whose trial was cut off so often is not tried again by itself."""


class Note(BaseModel):
    """Something that happened."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    told: str


class State(BaseModel):
    """All of it; `phase` other than idle means that an update is under way or was cut off.

    Attributes:
        device_id: drawn once; places this PC in line for new versions, and is told to nobody.
        phase: how far an update has come.
        left: the version that ran before; the one to go back to.
        taken: the version being tried.
        reason: why it is taken back.
        backup: name of the ledger's backup from just before; "" without a ledger.
        left_schema: newest schema of the ledger that `left` knows.
        previous: the version before the current one, for going back by hand.
        interrupted: how often a version's trial was cut off.
        bad: versions that did not hold here, and why.
        pinned: the only version that is installed; "" for any.
        notes: what happened, the oldest first.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    device_id: str = Field(default_factory=lambda: secrets.token_hex(16))
    phase: Phase = "idle"
    left: str = ""
    taken: str = ""
    reason: str = ""
    backup: str = ""
    left_schema: int = 0
    previous: str = ""
    interrupted: dict[str, int] = {}
    bad: dict[str, str] = {}
    pinned: str = ""
    checked_at: datetime | None = None
    offered: str = Field(default="", description="newest version that is for this PC")
    problem: str = Field(default="", description="why the last look at the channel failed")
    refused: bool = Field(default=False, description="it does: nobody vouches for what it says")
    returned_at: datetime | None = None
    returned: str = Field(default="", description="which version was taken back last, and why")
    notes: tuple[Note, ...] = ()

    def noting(self, told: str) -> "State":
        """The same with one more note."""
        note = Note(at=datetime.now(UTC), told=told)
        return self.model_copy(update={"notes": (*self.notes, note)[-MOST_NOTES:]})


class StateFile:
    """Keeps the state; anybody may read it, for the service tells it.

    Args:
        folder: the updater's.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "state.json"

    def load(self) -> State:
        """What was kept; a new one when there is none or it cannot be read."""
        try:
            return State.model_validate_json(self.path.read_bytes())
        except (OSError, ValidationError):
            return State()

    def save(self, state: State) -> State:
        """Keep it; on the disk when this returns."""
        write_whole(self.path, state.model_dump_json(indent=1).encode() + b"\n")
        return state
