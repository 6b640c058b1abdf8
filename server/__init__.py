"""The source server: a git repository of apps, their releases and hosted tables, on one port. Never imports Qt."""
