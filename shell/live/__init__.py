"""Changing an app while its window runs: a newer layout patched in, a folder watched, problems told over the window."""
