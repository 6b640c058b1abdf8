"""The content-addressed store of a user's releases: :class:`kernel.cache.Cache`. On the way to the first paint."""

from kernel.cache.cache import Cache as Cache
from kernel.cache.error import CacheError as CacheError
