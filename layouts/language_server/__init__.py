"""What an editor asks about layouts, manifests and keymaps; ``server.py`` alone speaks the protocol."""
