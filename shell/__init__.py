"""The Qt application: window, commands, keys, palette, and the `espalier` command."""
