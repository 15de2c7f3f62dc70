"""OpenVINO's CPU runtime behind the interface of `edge_core.runtime.inference`.

An optional extra: imported when a site asks for it, never otherwise. It reads ONNX and its own IR
(`.xml` beside `.bin`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from edge_core.errors import ModelError

Precision = Literal["f32", "bf16"]

MISSING_REMEDY: Final = (
    "Install it with `pip install promenade[openvino]`, or choose another provider under [models]"
    " in site.toml."
)


class OpenVinoNetwork:
    """One network compiled for the CPU.

    Args:
        path: an ONNX file, or the `.xml` of an IR.
        threads: threads for one inference.
        precision: of the arithmetic of layers that are not quantised. OpenVINO's own default is
            bfloat16 where the processor has it, which moves boxes and scores.

    Attributes:
        provider: `OpenVINO CPU` and the precision it really takes.
        threads: the threads it really takes.

    Raises:
        ModelError: OpenVINO is not installed.
        RuntimeError: the file is no model that OpenVINO can run.
    """

    def __init__(self, path: Path, *, threads: int, precision: Precision) -> None:
        try:
            import openvino
        except ImportError:
            raise ModelError("OpenVINO is not installed.", MISSING_REMEDY) from None
        core = openvino.Core()
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # Several processes infer here, and each would pin its threads to the same cores.
            "ENABLE_CPU_PINNING": False,
        }
        network = core.compile_model(core.read_model(path), "CPU", settings)
        ran: str = network.get_property("INFERENCE_PRECISION_HINT").to_string()
        self.provider: Final = f"OpenVINO CPU {ran}"
        self.threads: Final[int] = network.get_property("INFERENCE_NUM_THREADS")
        self._request = network.create_infer_request()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Outputs in the model's own order; not for two threads at a time."""
        # The request's own memory is overwritten by the next inference: outputs are copied.
        found = self._request.infer(dict(inputs), share_inputs=True, share_outputs=False)
        return list(found.values())
