"""Frame ring, workers, supervisor, health and inference: what keeps the stages running."""
