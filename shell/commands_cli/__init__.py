"""Subcommands of ``espalier``: one module each, with ``run(arguments, session) -> exit code``."""
