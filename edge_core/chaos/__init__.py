"""The self-test that inflicts faults on a private copy of the service and looks what holds."""
