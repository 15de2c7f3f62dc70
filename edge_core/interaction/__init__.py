"""From tag reads to what happens to garments: motion of tags, states of items."""

from edge_core.interaction.hop_tables import FCC_R420, HopTable
from edge_core.interaction.item_states import ItemEvent, ItemEventKind, ItemStates
from edge_core.interaction.motion import TagMotion
from edge_core.interaction.scores import WindowScores

__all__ = [
    "FCC_R420",
    "HopTable",
    "ItemEvent",
    "ItemEventKind",
    "ItemStates",
    "TagMotion",
    "WindowScores",
]
