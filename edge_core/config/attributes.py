"""What is estimated of people who pass, beside that they do."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from edge_core.config.base import Section

BodyAttribute = Literal[
    "bag", "backpack", "hat", "long_sleeves", "long_trousers", "long_hair", "coat"
]
"""Those of `edge_core.vision.body` that a shop may switch on. Gender presentation is not among
them: the body tells no age, and children's is not to be told."""


AuditedAttribute = Literal[
    "gender",
    "age",
    "bag",
    "backpack",
    "hat",
    "long_sleeves",
    "long_trousers",
    "long_hair",
    "coat",
]


class AuditConfig(Section):
    """What two people saw beside what was estimated: corrects the shares that are told.

    `counts` is by true label, then by estimated label: female and male for gender, yes and no
    for what people wear, 0-17, 18-34, 35-54 and 55+ for age.
    """

    attribute: AuditedAttribute
    counts: dict[str, dict[str, Annotated[int, Field(ge=0)]]]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        labels = LABELS.get(self.attribute, LABELS[""])
        told = {name for row in self.counts.values() for name in row}
        if set(self.counts) != set(labels) or not told <= set(labels):
            raise ValueError(f"`counts` needs one row for each of {', '.join(labels)}")
        if not all(sum(row.values()) for row in self.counts.values()):
            raise ValueError("each true label needs at least one person")
        return self


LABELS: Final[dict[str, tuple[str, ...]]] = {
    "gender": ("female", "male"),
    "age": ("0-17", "18-34", "35-54", "55+"),
    "": ("yes", "no"),
}
"""What can be told of an attribute; "" is every one that people wear."""


class AttributesConfig(Section):
    """Attributes, joined over each person's track; off until a shop has audited them for itself."""

    body: tuple[BodyAttribute, ...] = Field(default=(), description="told from the body, by name")
    face: bool = Field(
        default=False,
        description="age, and gender of adults, told from the face; see the model's card: the"
        " weights that ship are for non-commercial use",
    )
    audit: tuple[AuditConfig, ...] = Field(default=(), description="one an attribute")

    @property
    def told(self) -> tuple[str, ...]:
        """Names of all that are estimated."""
        return (*(("gender", "age") if self.face else ()), *self.body)
