"""What a store PC tells its hub and is given by it: outbox, content, and the client between."""
