"""Services that the system runs for a person: the source server, and the keeping of the cache."""
