"""``python -m server``: see :func:`server.main.main`."""

from __future__ import annotations

import sys

from server.main import main

sys.exit(main())
