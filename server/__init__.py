"""The source server: repository, releases, hosted tables, change feed. Never imports Qt."""
