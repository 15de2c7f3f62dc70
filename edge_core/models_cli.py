"""`promenade models`: what is shipped, whether it is whole, how good it is, and how it was made."""

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from edge_core.terminal import (
    ERR,
    EXIT_ENVIRONMENT,
    OUT,
    JsonOption,
    print_result,
    print_table,
)

models_app = typer.Typer(help="The models that are shipped.", no_args_is_help=True)
train_app = typer.Typer(
    help="Train a model on data of your own; needs the extra `train`.", no_args_is_help=True
)
models_app.add_typer(train_app, name="train")

Kind = Literal[
    "detector", "embedder", "face-detector", "face-attributes", "body-attributes", "action"
]

DataOption = Annotated[
    Path,
    typer.Option(
        "--data", exists=True, file_okay=False, help="Folder with the pictures and labels."
    ),
]
OutOption = Annotated[
    Path, typer.Option("--out", help="Checkpoints, learning curve, models and scores go here.")
]
StartOption = Annotated[
    Path | None,
    typer.Option("--start", exists=True, dir_okay=False, help="FP32 ONNX file to start from."),
]
ResumeOption = Annotated[
    bool,
    typer.Option("--resume", help="Go on from the checkpoint in --out, with the same options."),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same run.")]
PassesOption = Annotated[
    int | None,
    typer.Option("--passes", min=1, help="Passes over the data; the recipe's own by default."),
]
ThreadsOption = Annotated[int, typer.Option("--threads", min=1, help="CPU threads.")]
_RUN: Final = Path("training-run")
RECIPES: Final = {
    "reid": "train_reid",
    "body": "train_body",
    "face": "train_face",
    "face_detection": "train_face_detector",
    "action": "train_action",
}
TAG_MOTION: Final = "tag-motion"
"""No network, and so in no manifest; trained and judged by the same commands."""


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


@train_app.command("detector")
def train_detector(
    data: DataOption,
    out: OutOption = _RUN,
    network: Annotated[
        str, typer.Option(help="`person-s`, `person-m` or `person-m-fpn`.")
    ] = "person-s",
    start: StartOption = None,
    teacher: Annotated[
        Path | None,
        typer.Option(
            "--teacher",
            exists=True,
            dir_okay=False,
            help="ONNX file or checkpoint of a larger detector of the family, to learn from too.",
        ),
    ] = None,
    resume: ResumeOption = False,
    seed: SeedOption = 0,
    passes: PassesOption = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train a person detector from labelled pictures, videos and the three teachers.

    --start takes a file of the same network, or of person-s, which is widened. --teacher adds
    what a larger detector says of each input, where it is unsure or disagrees.

    Example: [bold]promenade models train detector --data data --out run[/bold]
    """
    from edge_core.training import require_extra
    from edge_core.training.progress import shown

    require_extra("torch", "onnx", "openvino")
    from edge_core.training.detector import recipe as detector

    with shown(ERR) as say:
        result = detector.train_detector(
            data,
            out,
            name=network,
            start=start,
            distil=teacher,
            resume=resume,
            passes=passes,
            seed=seed,
            threads=threads,
            say=say,
        )
    _tell(result, out, as_json)


@train_app.command("reid")
def train_reid(
    data: DataOption,
    out: OutOption = _RUN,
    open_data: Annotated[
        bool,
        typer.Option("--open-data", help="Learn from no research-only picture; teachers alone."),
    ] = False,
    resume: ResumeOption = False,
    seed: SeedOption = 0,
    passes: PassesOption = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train the appearance embedder from named crops, and from teachers on unnamed ones.

    Example: [bold]promenade models train reid --data data --out run --open-data[/bold]
    """
    _train(
        "reid",
        data,
        out,
        as_json,
        open_data=open_data,
        resume=resume,
        passes=passes,
        seed=seed,
        threads=threads,
    )


@train_app.command("body")
def train_body(
    data: DataOption,
    out: OutOption = _RUN,
    start: StartOption = None,
    resume: ResumeOption = False,
    seed: SeedOption = 0,
    passes: PassesOption = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train the body attributes (bag, hat, sleeves and more) from their teacher.

    Example: [bold]promenade models train body --data data --out run[/bold]
    """
    _train(
        "body",
        data,
        out,
        as_json,
        start=start,
        resume=resume,
        passes=passes,
        seed=seed,
        threads=threads,
    )


@train_app.command("face")
def train_face(
    data: DataOption,
    out: OutOption = _RUN,
    start: StartOption = None,
    resume: ResumeOption = False,
    seed: SeedOption = 0,
    passes: PassesOption = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train the age and gender of faces from labelled faces and their teacher.

    Example: [bold]promenade models train face --data data --out run[/bold]
    """
    _train(
        "face",
        data,
        out,
        as_json,
        start=start,
        resume=resume,
        passes=passes,
        seed=seed,
        threads=threads,
    )


@train_app.command("face-detector")
def train_face_detector(
    data: DataOption,
    out: OutOption = _RUN,
    start: StartOption = None,
    resume: ResumeOption = False,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train the face detector from what its teacher sees in pictures and videos.

    Example: [bold]promenade models train face-detector --data data --out run[/bold]
    """
    _train(
        "face_detection",
        data,
        out,
        as_json,
        start=start,
        resume=resume,
        threads=threads,
    )


@train_app.command("action")
def train_action(
    data: DataOption,
    out: OutOption = _RUN,
    start: StartOption = None,
    resume: ResumeOption = False,
    seed: SeedOption = 0,
    passes: PassesOption = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Train "handling goods" on simulated shoppers at rails; --data only checks false alarms.

    Example: [bold]promenade models train action --data data --out run[/bold]
    """
    _train(
        "action",
        data,
        out,
        as_json,
        start=start,
        resume=resume,
        passes=passes,
        seed=seed,
        threads=threads,
    )


@train_app.command("tag-motion")
def train_tag_motion(
    data: DataOption,
    out: OutOption = _RUN,
    seed: SeedOption = 0,
) -> None:
    """Train the tags' motion from recordings of a tag at rest and one carried.

    Example: [bold]promenade models train tag-motion --data data --out run[/bold]
    """
    from edge_core.training.tags import motion as tag_motion

    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{TAG_MOTION}.json"
    tag_motion.train_tag_motion(data / "rfid", path, seed)
    OUT.print(f"the classifiers are in {path}")


@models_app.command("ablate")
def models_ablate(
    data: DataOption,
    teacher: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="ONNX file or checkpoint of a larger detector of the family.",
        ),
    ],
    out: OutOption = Path("ablation"),
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each arm.")] = 3,
    steps: Annotated[int | None, typer.Option(min=1, help="Batches of a run.")] = None,
    threads: ThreadsOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure what each way of distillation is worth, in short runs of equal length.

    Finished runs are kept in --out and not done again.

    Example: [bold]promenade models ablate --data data --teacher run-m/best.onnx[/bold]
    """
    from edge_core.training import require_extra
    from edge_core.training.progress import shown

    require_extra("torch", "onnx", "openvino")
    from edge_core.training.detector.ablation import Budget, ablate

    budget = Budget() if steps is None else Budget(steps=steps)
    with shown(ERR) as say:
        result = ablate(
            data, out, teacher, seeds=range(seeds), budget=budget, threads=threads, say=say
        )
    _tell(result, out, as_json)


def _train(recipe: str, data: Path, out: Path, as_json: bool, **options: Any) -> None:
    """Run the recipe in the folder of that name, with progress, and tell its scores."""
    from edge_core.training import require_extra
    from edge_core.training.progress import shown

    require_extra("torch", "onnx", "openvino")
    module = import_module(f"edge_core.training.{recipe}.recipe")
    train = getattr(module, RECIPES[recipe])
    with shown(ERR) as say:
        result = train(data, out, say=say, **options)
    _tell(result, out, as_json)


def _tell(result: dict[str, Any], out: Path, as_json: bool) -> None:
    print_result(result, as_json)
    if not as_json:
        OUT.print(f"models, learning curve and scores are in {out}")
