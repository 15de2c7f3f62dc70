"""Item states by kind where each kind is played on purpose, try-ons among them: all simulated."""

from typing import Final

from edge_core.analytics.audit import wilson
from edge_core.bench import Figure
from edge_core.training.tags.item_states_simulation import (
    evaluate_fitting_rooms,
    evaluate_item_states,
)

SCRIPT_SEEDS: Final = (10, 11, 12)
"""Nothing was chosen on these, nor on the rooms'."""
ROOM_SEEDS: Final = (10, 11, 12, 13, 14, 15, 16)


def script_figures() -> list[Figure]:
    """Recall, with its 95 % interval (Wilson), precision and delay of each kind."""
    result = evaluate_item_states(SCRIPT_SEEDS)
    figures = []
    for kind, row in result["kinds"].items():
        if not row["true"]:
            continue
        say = f"item states, simulated, {kind}"
        told, late = row["found"] + row["false"], row["late_s"] or (0.0, 0.0)
        recall, low, high = wilson(row["found"], row["true"]) or (0.0, 0.0, 1.0)
        figures += [
            Figure(f"{say}: recall", recall, "", None, None, row["true"]),
            Figure(f"{say}: recall, 95 % from", low, "", None, None, row["true"]),
            Figure(f"{say}: recall, 95 % to", high, "", None, None, row["true"]),
            Figure(f"{say}: precision", row["found"] / max(told, 1), "", None, None, told),
            Figure(f"{say}: late by", late[0], "s", None, None, row["found"]),
        ]
    hours = f"{result['tag_hours']:.1f} tag-hours"
    label = f"item states, simulated, {hours}: false events"
    figures.append(Figure(label, result["false_per_tag_hour"], "1/h", None, None, 1))
    rooms = evaluate_fitting_rooms(ROOM_SEEDS)
    share = rooms["right"] / rooms["garments"]
    label = "fitting rooms 1.5 m apart, simulated: right room"
    return [*figures, Figure(label, share, "", None, None, rooms["garments"])]
