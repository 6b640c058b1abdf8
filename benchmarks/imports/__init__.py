"""150 modules of an app: imported from the cache, and as plain files with .pyc."""
