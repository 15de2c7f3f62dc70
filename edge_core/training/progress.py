"""Progress of long work on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from edge_core.training.detector.pictures import Progress as Tell
from edge_core.training.detector.sets import Say


@contextmanager
def shown(console: Console) -> Iterator[Say]:
    """One bar a task on the console; gives what the recipes take as `say`."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:

        def say(name: str) -> Tell:
            task = bars.add_task(name, total=1.0)
            return lambda share: bars.update(task, completed=share)

        yield say
