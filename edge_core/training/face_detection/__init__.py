"""The face detector: labels by its teacher, the network and its judging."""
