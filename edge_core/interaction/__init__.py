"""From tag reads to what happens to garments: motion of tags, states of items."""

from edge_core.interaction.hop_tables import FCC_R420, HopTable
from edge_core.interaction.item_states import ItemEvent, ItemEventKind, ItemStates
from edge_core.interaction.motion import TagMotion
from edge_core.interaction.scores import WindowScores
from edge_core.interaction.windows import FOR_ITEMS

__all__ = [
    "FCC_R420",
    "FOR_ITEMS",
    "HopTable",
    "ItemEvent",
    "ItemEventKind",
    "ItemStates",
    "TagMotion",
    "WindowScores",
]
