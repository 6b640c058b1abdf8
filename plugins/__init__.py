"""Plugins, and `plugins.api`, the one door through which they come in."""
