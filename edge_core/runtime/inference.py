"""Sessions that run ONNX models and say what really runs them.

The list of providers a build reports is a list of hopes: a provider whose driver is missing is
named all the same, and ONNX Runtime then falls back in silence. So each provider is probed by
making a session and running it once, and the one that ran is kept, logged and exposed.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edge_core.errors import ModelError
from edge_core.runtime.openvino_network import OpenVinoNetwork, Precision

Provider = Literal["auto", "cpu", "cuda", "openvino", "openvino-bf16"]

_Inputs = Mapping[str, NDArray[Any]]
_Run = Callable[[_Inputs], list[NDArray[np.float32]]]

ort.disable_telemetry_events()  # what Windows collects; elsewhere see `edge_core`

_log = logging.getLogger(__name__)
_CPU: Final = "CPUExecutionProvider"
_CUDA: Final = "CUDAExecutionProvider"
_WANTED: Final[Mapping[Provider, tuple[str, ...]]] = {
    "auto": (_CUDA, _CPU),
    "cpu": (_CPU,),
    "cuda": (_CUDA,),
}
_DTYPES: Final = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8}
_OPENVINO: Final[Mapping[Provider, Precision]] = {"openvino": "f32", "openvino-bf16": "bf16"}


class InferenceSession:
    """One loaded model, warmed up.

    Args:
        path: the ONNX file; with OpenVINO also the `.xml` of an IR.
        probe: one small input per input name; run once per provider tried, so its shape should
            be the one used most.
        provider: `auto` takes CUDA where it really runs, else the CPU, both by ONNX Runtime;
            `openvino` computes in float32 as ONNX Runtime does, `openvino-bf16` faster and less
            exactly. Only the two of OpenVINO need the extra of that name.
        threads: threads within one operator.

    Attributes:
        provider: name of the provider that ran the probe: ONNX Runtime's own, or
            `OpenVINO CPU` and the precision.

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
        if provider in _OPENVINO:
            self.provider, self._run = _openvino(path, probe, _OPENVINO[provider], threads)
        elif provider in _WANTED:
            self.provider, self._run = _first_that_runs(path, probe, provider, threads)
        else:
            raise ModelError(
                f"No provider is named {provider!r}.",
                f"Use one of: {', '.join(get_args(Provider))}.",
            )
        _log.info("model ready", extra={"model": path.stem, "provider": self.provider})

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Outputs in the model's own order. One session serves one thread at a time.

        Args:
            inputs: one array per input name, of the model's shape and dtype.
        """
        return self._run(inputs)


def input_dtype(path: Path, name: str) -> np.dtype[Any]:
    """What numbers an ONNX file that no manifest describes wants.

    Args:
        path: the ONNX file.
        name: of its input.

    Raises:
        ModelError: the file is no usable model or has no such input.
    """
    try:
        inputs = {one.name: one.type for one in _session(path, _CPU, 1).get_inputs()}
    except Exception as error:  # noqa: BLE001  (see _first_that_runs)
        raise ModelError(
            f"{path} cannot be used: {str(error).strip().splitlines()[0]}.",
            "Give an ONNX file that training wrote.",
        ) from None
    if inputs.get(name) not in _DTYPES:
        raise ModelError(
            f"{path} has no input {name!r} of floats or bytes.",
            "Give an ONNX file that training wrote.",
        )
    return np.dtype(_DTYPES[inputs[name]])


def _openvino(path: Path, probe: _Inputs, precision: Precision, threads: int) -> tuple[str, _Run]:
    try:
        network = OpenVinoNetwork(path, threads=threads, precision=precision)
        network.run(probe)
    except RuntimeError as error:  # all that OpenVINO raises
        reason = str(error).strip().splitlines()[-1]
        raise ModelError(
            f"The model {path.name} cannot run with OpenVINO: {reason}.",
            'Set `provider = "cpu"` under [models] in site.toml, or run `promenade models verify`.',
        ) from None
    return network.provider, network.run


def _first_that_runs(
    path: Path, probe: _Inputs, provider: Provider, threads: int
) -> tuple[str, _Run]:
    offered = ort.get_available_providers()
    failures: list[str] = []
    for name in _WANTED[provider]:
        if name not in offered:
            failures.append(f"{name} is not part of this ONNX Runtime")
            continue
        try:
            session = _session(path, name, threads)
            session.run(None, dict(probe))
        # ONNX Runtime's exceptions share no base class below Exception; a bad file, a missing
        # driver and a full GPU all surface here and all are the machine's fault.
        except Exception as error:  # noqa: BLE001
            failures.append(f"{name}: {str(error).strip().splitlines()[0]}")
            continue
        if session.get_providers()[0] == name:
            return name, _running(session)
        failures.append(f"{name} was offered but did not run")
    raise ModelError(
        f"The model {path.name} cannot run: {'; '.join(failures)}.",
        'Set `provider = "cpu"` under [models] in site.toml, or mend the GPU driver.'
        if provider == "cuda"
        else "Run `promenade models verify`, and reinstall onnxruntime if it reports no fault.",
    )


def _running(session: Any) -> _Run:
    return lambda inputs: session.run(None, dict(inputs))


def _session(path: Path, provider: str, threads: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads must not burn the cores that the video decoders need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(path), options, providers=[provider])
