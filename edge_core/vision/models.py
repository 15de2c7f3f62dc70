"""The models that ship with Promenade: a signed manifest, checked against the files at load."""

import hashlib
import tomllib
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge_core.errors import ModelError
from edge_core.vision.manifest_signature import MANIFEST, check_signature

MODELS_FOLDER: Final = Path(__file__).resolve().parents[2] / "assets" / "models"
_REINSTALL: Final = "Reinstall Promenade, or restore the file from the release."

Kind = Literal[
    "detector", "embedder", "face-attributes", "face-detector", "body-attributes", "action"
]


class ModelSpec(BaseModel):
    """One entry of manifest.toml.

    Attributes:
        name: what site.toml and the command line call it.
        file: ONNX file beside the manifest.
        sha256: of that file, hexadecimal.
        kind: what it does; a detector is never loaded as an embedder.
        input_name: the network's one input.
        input_size_px: width and height the network was trained at.
        input_layout: axes, value range and colour order.
        input_dtype: of the input's numbers; a detector of bytes takes the letterboxed picture as
            it is, (N, H, W, 3).
        output: what the outputs mean.
        precision: of the weights and arithmetic.
        provider: what is known about running it.
        licence: of the weights.
        data_licence: of the pictures it was trained on.
        data_terms: what that licence allows the weights to be used for.
        card: Markdown file with recipe, figures and limits.
        strangers: of an embedder, the median cosine of crops of two people in view together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    file: str = Field(pattern=r"^[\w.-]+\.onnx$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Kind
    input_name: str
    input_size_px: tuple[int, int]
    input_layout: str
    input_dtype: Literal["float32", "uint8"] = "float32"
    output: str
    precision: Literal["fp32", "int8"]
    provider: str
    licence: str
    data_licence: str
    data_terms: Literal["any-use", "research-only", "non-commercial"]
    card: str
    strangers: float = Field(default=0.37, ge=-0.5, le=0.37)


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    model: tuple[ModelSpec, ...]


def list_models(folder: Path = MODELS_FOLDER) -> tuple[ModelSpec, ...]:
    """Every model of the manifest.

    Raises:
        ModelError: there is no manifest, it is wrong, or nobody who is trusted signed it.
    """
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
        check_signature(folder)
        return _Manifest.model_validate(tomllib.loads(text)).model
    except OSError as error:
        raise ModelError(
            f"The model manifest {path} cannot be read: {error}.", _REINSTALL
        ) from None
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelError(f"The model manifest {path} is wrong: {error}.", _REINSTALL) from None


def find_model(name: str, kind: Kind, folder: Path = MODELS_FOLDER) -> tuple[ModelSpec, Path]:
    """The entry of a model and its verified file.

    Raises:
        ModelError: no model of this kind has the name, or its file is missing or altered.
    """
    specs = [spec for spec in list_models(folder) if spec.kind == kind]
    for spec in specs:
        if spec.name == name:
            verify_model(spec, folder)
            return spec, folder / spec.file
    known = ", ".join(spec.name for spec in specs) or "none"
    raise ModelError(
        f"No {kind} is named {name!r}.", f"Use one of: {known}; see `promenade models list`."
    )


def verify_model(spec: ModelSpec, folder: Path = MODELS_FOLDER) -> None:
    """Check that the file is the one the manifest describes.

    Raises:
        ModelError: the file is missing or its sha256 differs.
    """
    path = folder / spec.file
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {error}.", _REINSTALL) from None
    if digest != spec.sha256:
        raise ModelError(
            f"The model file {path} was altered: its sha256 is {digest}, not {spec.sha256}.",
            _REINSTALL,
        )
