"""`promenade models train` and `ablate`: how the shipped models were made, for your own data."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from edge_core.terminal import ERR, OUT, JsonOption, print_result

train_app = typer.Typer(
    help="Train a model on data of your own; needs the extra `train`.", no_args_is_help=True
)

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


def ablate_detector(
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
