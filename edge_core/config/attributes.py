"""What is estimated of people who pass, beside that they do."""

from typing import Literal

from pydantic import Field

from edge_core.config.base import Section

BodyAttribute = Literal[
    "bag", "backpack", "hat", "long_sleeves", "long_trousers", "long_hair", "coat"
]
"""Those of `edge_core.vision.body` that a shop may switch on. Gender presentation is not among
them: the body tells no age, and children's is not to be told."""


class AttributesConfig(Section):
    """Attributes, joined over each person's track; off until a shop has audited them for itself."""

    body: tuple[BodyAttribute, ...] = Field(default=(), description="told from the body, by name")
    face: bool = Field(
        default=False,
        description="age, and gender of adults, told from the face; see the model's card: the"
        " weights that ship are for non-commercial use",
    )
