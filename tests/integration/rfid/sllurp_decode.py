"""Decodes LLRP frames with sllurp; run as a program of its own.

Reads one frame a line in hexadecimal from standard input, prints one JSON object a line. sllurp is
licensed under the GPL and never becomes part of the product: it only judges it.
"""

import json
import sys

from sllurp.llrp import LLRPMessage


def plain(value):
    return value.hex() if isinstance(value, bytes) else str(value)


for line in sys.stdin:
    decoded = LLRPMessage(msgbytes=bytes.fromhex(line.strip()))
    sys.stdout.write(json.dumps(decoded.msgdict, default=plain) + "\n")
