"""Headline figures beside their peers: `python -m benchmarks`."""
