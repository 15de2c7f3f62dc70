"""Policy packs, proof of deletion, and the search for what must not be there."""
