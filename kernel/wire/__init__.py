"""The framed protocol: frames, values, return codes, the server half and the client's :class:`kernel.wire.link.Link`.

Nothing here imports asyncio at the top except ``protocol``, ``client``, ``server`` and ``session``; a start-up path
that only needs codes, values or an unused ``Link`` stays cheap.
"""
