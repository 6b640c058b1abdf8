"""HTTP on the server's own port, for ``git clone``, ``fetch`` and ``push``; the first byte tells it from frames."""
