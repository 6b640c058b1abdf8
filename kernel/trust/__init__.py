"""Who may say what runs here: seals of this person's records, roles and keys of servers. Never on the network.

``seal`` and ``state`` are on the way to the first paint; the rest is imported when metadata came.
"""
