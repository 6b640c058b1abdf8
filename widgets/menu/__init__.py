"""Menus, menu bars and toolbars of a layout."""
