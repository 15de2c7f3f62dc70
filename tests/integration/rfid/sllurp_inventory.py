"""Inventories a reader with sllurp and prints what it saw as JSON; run as a program of its own.

sllurp is licensed under the GPL and never becomes part of the product: it only judges it.

Usage: sllurp_inventory.py PORT READS
"""

import json
import os
import sys
import threading

from sllurp.llrp import LLRPReaderClient, LLRPReaderConfig

SETTINGS = {
    "antennas": [1, 2, 3, 4],
    "tx_power": 0,
    "session": 1,
    "impinj_search_mode": 2,
    "tag_population": 200,
    "report_every_n_tags": 1,
    "keepalive_interval": 500,
    "tag_content_selector": {
        "EnableROSpecID": False,
        "EnableSpecIndex": False,
        "EnableInventoryParameterSpecID": False,
        "EnableAntennaID": True,
        "EnableChannelIndex": True,
        "EnablePeakRSSI": True,
        "EnableFirstSeenTimestamp": True,
        "EnableLastSeenTimestamp": True,
        "EnableTagSeenCount": True,
        "EnableAccessSpecID": False,
    },
    "impinj_tag_content_selector": {
        "EnableRFPhaseAngle": True,
        "EnablePeakRSSI": True,
        "EnableRFDopplerFrequency": True,
    },
}

GOODBYES = 4
"""sllurp asks before it listens for the answer: one that comes sooner is lost, and it waits."""


def main(port, wanted):
    seen, enough = [], threading.Event()

    def take(_reader, tags):
        seen.extend(tags)
        if len(seen) >= wanted:
            enough.set()

    reader = LLRPReaderClient("127.0.0.1", port, LLRPReaderConfig(SETTINGS))
    reader.add_tag_report_callback(take)
    reader.connect()
    reached = enough.wait(30)
    general = reader.llrp.capabilities["GeneralDeviceCapabilities"]
    powers = reader.llrp.tx_power_table
    for _ in range(GOODBYES):
        reader.disconnect(timeout=3)
        if not reader.is_alive():
            break
    plain = [
        {key: value.decode() if isinstance(value, bytes) else value for key, value in tag.items()}
        for tag in seen
    ]
    said = {
        "reached": reached,
        "antennas": general["MaxNumberOfAntennaSupported"],
        "vendor": general["DeviceManufacturerName"],
        "powers": len(powers) - 1,
        "max_power_dbm": max(powers),
        "tags": plain,
    }
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()
    os._exit(0)  # whatever its thread still does


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
