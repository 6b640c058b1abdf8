"""``espalier schema``: the kind table as JSON Schema, for editors and other programs."""

from __future__ import annotations

import argparse
import json

from shell.kinds import all_kinds
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print it; answers the exit code."""
    from layouts.json_schema import kind_schema

    print(json.dumps(kind_schema(all_kinds(session.config)), indent=2, ensure_ascii=False))
    return 0
