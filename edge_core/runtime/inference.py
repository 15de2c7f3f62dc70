"""ONNX Runtime sessions that say what really runs them.

The list of providers a build reports is a list of hopes: a provider whose driver is missing is
named all the same, and ONNX Runtime then falls back in silence. So each provider is probed by
making a session and running it once, and the one that ran is kept, logged and exposed.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edge_core.errors import ModelError

Provider = Literal["auto", "cpu", "cuda"]

_log = logging.getLogger(__name__)
_CPU: Final = "CPUExecutionProvider"
_CUDA: Final = "CUDAExecutionProvider"
_WANTED: Final[Mapping[Provider, tuple[str, ...]]] = {
    "auto": (_CUDA, _CPU),
    "cpu": (_CPU,),
    "cuda": (_CUDA,),
}


class InferenceSession:
    """One loaded ONNX model, warmed up.

    Args:
        path: the ONNX file.
        probe: one small input per input name; run once per provider tried, so its shape should
            be the one used most.
        provider: `auto` takes CUDA where it really runs, else the CPU.
        threads: threads within one operator.

    Attributes:
        provider: ONNX Runtime's name of the provider that ran the probe.

    Raises:
        ModelError: the file is no usable model, or no wanted provider runs it.
    """

    def __init__(
        self,
        path: Path,
        probe: Mapping[str, NDArray[Any]],
        *,
        provider: Provider = "auto",
        threads: int = 1,
    ) -> None:
        self.provider, self._session = _first_that_runs(path, probe, provider, threads)
        self._outputs = [output.name for output in self._session.get_outputs()]
        _log.info("model ready", extra={"model": path.stem, "provider": self.provider})

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Outputs in the model's own order.

        Args:
            inputs: one array per input name, of the model's shape and dtype.
        """
        outputs: list[NDArray[np.float32]] = self._session.run(self._outputs, dict(inputs))
        return outputs


def _first_that_runs(
    path: Path, probe: Mapping[str, NDArray[Any]], provider: Provider, threads: int
) -> tuple[str, Any]:
    offered = ort.get_available_providers()
    failures: list[str] = []
    for name in _WANTED[provider]:
        if name not in offered:
            failures.append(f"{name} is not part of this ONNX Runtime")
            continue
        try:
            session = _session(path, [name], threads)
            session.run(None, dict(probe))
        # ONNX Runtime's exceptions share no base class below Exception; a bad file, a missing
        # driver and a full GPU all surface here and all are the machine's fault.
        except Exception as error:  # noqa: BLE001
            failures.append(f"{name}: {str(error).strip().splitlines()[0]}")
            continue
        if session.get_providers()[0] == name:
            return name, session
        failures.append(f"{name} was offered but did not run")
    raise ModelError(
        f"The model {path.name} cannot run: {'; '.join(failures)}.",
        'Set `provider = "cpu"` under [models] in site.toml, or mend the GPU driver.'
        if provider == "cuda"
        else "Run `promenade models verify`, and reinstall onnxruntime if it reports no fault.",
    )


def _session(path: Path, providers: Sequence[str], threads: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads must not burn the cores that the video decoders need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(path), options, providers=list(providers))
