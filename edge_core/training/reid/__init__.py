"""The appearance embedder: crops, teachers, the network, its losses and its judging."""
