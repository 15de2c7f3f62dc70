"""Motion of RFID tags, and the states of items in simulation."""
