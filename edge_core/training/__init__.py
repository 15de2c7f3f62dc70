"""Recipes that made the shipped models, for anyone to run again (extra `[train]`).

One recipe file a model (`detector`); the parts they share lie beside it once. Nothing of the
running product imports this package: training needs PyTorch, and its teachers need OpenVINO.
"""

from importlib.util import find_spec

from edge_core.errors import ModelError


def require_extra(*packages: str) -> None:
    """Fail with a remedy where a package that only training needs is missing.

    Raises:
        ModelError: one of the packages is not installed.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise ModelError(
            f"Training needs {', '.join(missing)}, which is not installed.",
            "Install it with `pip install promenade[train]`.",
        )
