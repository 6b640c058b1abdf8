"""Bounds of metadata, checked before anything is parsed."""

from __future__ import annotations

#: Bytes of one role, of one root, and of all that comes in one answer.
MAX_ROLE, MAX_ROOT, MAX_BUNDLE = 1 << 20, 64 << 10, 4 << 20
#: Most steps of the root in one answer; the next answer goes on from there.
MAX_ROOTS = 256
#: Most keys of a role, and most roles that one role delegates to.
MAX_KEYS, MAX_ROLES = 64, 10_000
#: The highest version that is believed: half of it would take a thousand years of a version a minute.
MAX_VERSION = 1 << 40
#: Seconds for which a timestamp is believed at most, whatever it says: so long somebody who has stolen its key once can
#: withhold news. Servers give it two days.
MAX_TIMESTAMP_S = 30 * 86_400.0
