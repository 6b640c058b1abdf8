"""What wakes the process that is ready beside a start: the system's word, never a clock.

A process that looked every half minute whether it is still wanted would wake a processor that sleeps. So it is told:
when its socket goes, when a file of the code that it has imported is another one, when memory runs short.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterable

from shell.ready import memory

#: Of inotify(7): written and closed, moved away, moved here, deleted.
_WRITTEN, _MOVED_AWAY, _MOVED_HERE, _DELETED = 0x8, 0x40, 0x80, 0x200
#: What was heard.
FILES, MEMORY = "files", "memory"
_GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL


class Waking:
    """Descriptors that are polled.

    Args:
        poll: They are registered there.
        sockets: The directory in which sockets lie.
        code: The directories of what was imported.

    Attributes:
        hears_files: Whether it is told of files; where it is not, somebody has to look.
    """

    def __init__(self, poll: select.poll, sockets: str, code: Iterable[str]) -> None:
        self._poll = poll
        self._words: dict[int, str] = {}
        wanted = dict.fromkeys(code, _WRITTEN | _MOVED_HERE | _DELETED) | {sockets: _DELETED | _MOVED_AWAY}
        self.hears_files = self._add(_watch(wanted), FILES, select.POLLIN)
        self._add(memory.watch_pressure(), MEMORY, select.POLLPRI)

    def _add(self, descriptor: int | None, word: str, events: int) -> bool:
        if descriptor is None:
            return False
        self._words[descriptor] = word
        self._poll.register(descriptor, events)
        return True

    def hear(self, descriptor: int, events: int) -> str:
        """What this descriptor tells; empty when it is none of these."""
        word = self._words.get(descriptor, "")
        if word and events & _GONE:
            self._poll.unregister(descriptor)
            os.close(descriptor)
            del self._words[descriptor]
        elif word == FILES:
            os.read(descriptor, 1 << 16)
        return word

    def leave(self) -> None:
        """Hear nothing more."""
        for descriptor in self._words:
            self._poll.unregister(descriptor)
        self.close()

    def close(self) -> None:
        """Close the descriptors, in a copy of the process that goes on hearing."""
        for descriptor in self._words:
            os.close(descriptor)
        self._words.clear()


def _watch(wanted: dict[str, int]) -> int | None:
    """A descriptor that can be read when one of the events happens in its directory; None where nobody tells."""
    import ctypes

    library = ctypes.CDLL(None)
    descriptor = library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if descriptor < 0:
        return None  # this person has too many already
    for directory, events in wanted.items():
        library.inotify_add_watch(descriptor, os.fsencode(directory), events)  # one that cannot be is left out
    return descriptor
