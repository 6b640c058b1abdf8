"""Options: one table (``resources/options.toml``), three layers (file, environment, command line).

:func:`kernel.config.config.load` reads them; a wrong entry is a problem with its place, never an obstacle.
"""

from __future__ import annotations

from kernel.config.config import Config, load
from kernel.config.error import ConfigError, Problem
from kernel.config.paths import Paths

__all__ = ["Config", "ConfigError", "Paths", "Problem", "load"]
