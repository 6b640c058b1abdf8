"""Unloading a plugin leaves nothing of it: counted for every built-in one, and for one that registers all it can."""

from __future__ import annotations
