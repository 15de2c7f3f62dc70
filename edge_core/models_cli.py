"""`promenade models`: what is shipped, whether it is whole, how good it is."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from edge_core.terminal import (
    ERR,
    EXIT_ENVIRONMENT,
    JsonOption,
    print_result,
    print_table,
)
from edge_core.train_cli import TAG_MOTION, DataOption, ablate_detector, train_app

models_app = typer.Typer(help="The models that are shipped.", no_args_is_help=True)
models_app.add_typer(train_app, name="train")
models_app.command("ablate")(ablate_detector)

Kind = Literal[
    "detector", "embedder", "face-detector", "face-attributes", "body-attributes", "action"
]


@models_app.command("list")
def models_list(as_json: JsonOption = False) -> None:
    """List the models, what they need and under which licence they come.

    Example: [bold]promenade models list[/bold]
    """
    from edge_core.vision.models import list_models

    columns = ("name", "kind", "precision", "input_size_px", "licence", "data_terms", "card")
    rows = [spec.model_dump(mode="json") for spec in list_models()]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    print_table(columns, rows)


@models_app.command("verify")
def models_verify(as_json: JsonOption = False) -> None:
    """Check every model file against its manifest and run each once.

    Example: [bold]promenade models verify[/bold]
    """
    from edge_core.service.check import verify_models

    rows = verify_models()
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        print_table(("name", "state", "provider"), rows)
    if any(row["state"] != "ok" for row in rows):
        raise typer.Exit(EXIT_ENVIRONMENT)


@models_app.command("sign")
def models_sign(
    key: Annotated[
        Path, typer.Option(help="Private key (PEM); made if it is missing. Keep it elsewhere.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Holds manifest.toml; else the shipped."),
    ] = None,
) -> None:
    """Sign the manifest of models, so that they are loaded where the key is trusted.

    Example: [bold]promenade models sign --key release.key[/bold]
    """
    from edge_core.suggest.signing_key import signing_key
    from edge_core.vision.manifest_signature import OWN_KEY, RELEASE_KEYS, sign_manifest
    from edge_core.vision.models import MODELS_FOLDER

    public = sign_manifest(folder or MODELS_FOLDER, signing_key(key, "the models'"))
    typer.echo(f"Signed with {public}.")
    if public not in RELEASE_KEYS:
        typer.echo(f"Only releases' keys are trusted by themselves: set {OWN_KEY}={public}")


@models_app.command("blend")
def models_blend(
    out: Annotated[Path, typer.Argument(help="The ONNX file to write.")],
    parts: Annotated[list[str], typer.Argument(help="FILE=SHARE of each, e.g. a.onnx=0.5.")],
) -> None:
    """Average the weights of networks that began as one.

    Example: [bold]promenade models blend new.onnx before.onnx=0.5 best.onnx=0.5[/bold]
    """
    from edge_core.training import require_extra

    require_extra("torch", "onnx")
    from edge_core.training.export import blend_onnx

    shares = {}
    for part in parts:
        name, _, share = part.rpartition("=")
        try:
            shares[Path(name)] = float(share)
        except ValueError:
            raise typer.BadParameter(f"{part} is no FILE=SHARE", param_hint="parts") from None
    blend_onnx(shares, out)


@models_app.command("eval")
def models_eval(
    name: Annotated[
        str,
        typer.Argument(help="A shipped model, an ONNX file, or `teachers`, `teacher` of a kind."),
    ],
    data: DataOption,
    kind: Annotated[
        Kind, typer.Option(help="What a file or teacher is; the manifest knows the others.")
    ] = "detector",
    size_px: Annotated[
        int | None, typer.Option("--size", help="Long side of a detector's input.")
    ] = None,
    video: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Also judge a detector on this video."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Score a model on data it was not trained on; see its card for what the figures mean.

    Example: [bold]promenade models eval person-s-int8 --data data --json[/bold]
    """
    from edge_core.training.progress import shown

    if name == TAG_MOTION:
        from edge_core.training.tags.motion_evaluate import evaluate_tag_motion

        print_result(evaluate_tag_motion(data / "rfid"), as_json)
        return
    unlisted = name in ("teacher", "teachers") or name.endswith(".onnx")
    wanted = kind if unlisted else _kind_of(name)
    if size_px is not None and not wanted.endswith("detector"):
        raise typer.BadParameter("only detectors take pictures of any size", param_hint="--size")
    if video and wanted != "detector":
        raise typer.BadParameter("only the person detector is judged on it", param_hint="--video")
    with shown(ERR) as say:
        result = _evaluate(wanted, name, data, size_px, video or [], say)
    print_result(result, as_json)


def _kind_of(name: str) -> Kind:
    """Kind of a shipped model. Raises ModelError where there is none of that name."""
    from edge_core.errors import ModelError
    from edge_core.vision.models import list_models

    kinds: dict[str, Kind] = {spec.name: spec.kind for spec in list_models()}
    if name not in kinds:
        raise ModelError(
            f"No model is named {name!r}.", f"Use one of: {', '.join(kinds)}; or an ONNX file."
        )
    return kinds[name]


def _evaluate(
    kind: Kind, name: str, data: Path, size_px: int | None, videos: list[Path], say: Any
) -> dict[str, Any]:
    from edge_core.training import require_extra

    sized: dict[str, Any] = {} if size_px is None else {"size_px": size_px}
    match kind:
        case "detector":
            from edge_core.training.detector.judging import evaluate_detector

            return evaluate_detector(name, data, size_px=size_px, videos=videos, say=say)
        case "embedder":
            from edge_core.training.reid.evaluate import evaluate_embedder

            return evaluate_embedder(name, data, say=say)
        case "face-detector":
            from edge_core.training.face_detection.evaluate import evaluate_face_detector

            return evaluate_face_detector(name, data, **sized, say=say)
        case "face-attributes":
            from edge_core.training.face.evaluate import evaluate_face

            return evaluate_face(name, data, say=say)
        case "body-attributes":
            require_extra("torch", "onnx", "openvino")
            from edge_core.training.body.evaluate import evaluate_body

            return evaluate_body(name, data, say=say)
        case "action":
            from edge_core.training.action.evaluate import evaluate_action

            return evaluate_action(name, data, say=say)
