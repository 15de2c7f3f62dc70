"""The reference server of a mall or chain: content out, aggregates in, pages for the chain."""
