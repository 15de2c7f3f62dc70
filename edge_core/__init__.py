"""Promenade's edge service: sensing, vision, identity, analytics, ledger and API."""

import os

__version__ = "0.1.0"

# ONNX Runtime numbers each machine and reports its use to its makers unless it finds this when it
# is loaded. Nothing in a shop calls anybody unasked.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
