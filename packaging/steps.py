"""Steps of a proof: each is done, told at once, and kept for the table at the end."""

import json
import time
from collections.abc import Callable
from pathlib import Path


class Steps:
    """The steps and what came of them."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, bool, float, str]] = []

    def step(self, name: str, do: Callable[[], str]) -> None:
        """Do something; what it raises is the step's result."""
        began = time.monotonic()
        try:
            told, well = do(), True
        except Exception as error:  # noqa: BLE001 - each step stands for itself
            told, well = f"{type(error).__name__}: {error}", False
        took = time.monotonic() - began
        self.rows.append((name, well, took, told))
        print(f"{'ok  ' if well else 'FAIL'} {took:6.1f} s  {name}: {told}", flush=True)

    def table(self) -> str:
        """All steps as Markdown."""
        lines = ["| step | result | s | what was seen |", "|---|---|---|---|"]
        for name, well, took, told in self.rows:
            shown = told.replace("\n", " ").replace("|", "/")[:300]
            lines.append(f"| {name} | {'ok' if well else '**failed**'} | {took:.1f} | {shown} |")
        return "\n".join(lines)

    def end(self, out: Path) -> int:
        """Write `proof.md` and `proof.json` there; returns the exit code."""
        (out / "proof.md").write_text(self.table() + "\n", encoding="utf-8")
        (out / "proof.json").write_text(json.dumps(self.rows), encoding="utf-8")
        return 0 if all(well for _, well, _, _ in self.rows) else 1
