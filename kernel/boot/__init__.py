"""Boot table, boot queue and agents: the bare minimum to boot and to communicate.

A name leads to a queue; :class:`kernel.boot.boot.Boot` pops agents from its front until it is empty.
"""
