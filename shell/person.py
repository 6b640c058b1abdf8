"""Who uses the desktop."""

from __future__ import annotations

import os
from typing import Any


def user_name(config: Any) -> str:
    """Who uses the app, as servers are told: the option ``network.name``, else the system's word."""
    if config["network.name"]:
        return str(config["network.name"])
    if hasattr(os, "getuid"):
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a number that the system has no name for
            return f"uid:{os.getuid()}"
    return os.environ.get("USERNAME", "")
