"""The edge service: wiring, local API and the client both screens use."""
