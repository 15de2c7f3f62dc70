"""The set-up page: zones, lines, calibration and antennas, drawn and tried before they are kept."""
