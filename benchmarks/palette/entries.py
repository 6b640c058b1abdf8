"""What is looked through: 100,000 titles as files, rows and settings have them, and what people type to find some."""

from __future__ import annotations

import random

_WORD_TEXT = """
account address album archive batch billing board branch budget build calendar canvas card cargo
catalogue channel chart city client column command config contract country customer daily data
delivery design desk draft editor entry event export family field filter folder form garden grid
group handle hidden history home image import index invoice item journal kernel label layout ledger
letter library line list local main manager market memory menu message method model module month
name network note number object order outline package page palette panel parcel part partner payment
person picture place plan plugin point price print product project query queue range record region
release report result review room route row sales schema screen script search section server session
setting shape sheet shell shipment signal source split staff state status stock store style supplier
symbol table target task team template text theme ticket title token tool total trace track transfer
tree trial unit update user value vendor version view visit voice wallet warehouse week widget
window work year zone
"""
_WORDS = tuple(_WORD_TEXT.split())
_ENDS = (".py", ".kdl", ".toml", ".md", "", "", " 2025", " 2026", " old", " draft")


def titles(count: int, seed: int = 7) -> list[str]:
    """So many titles of two to five words, the same ones each time."""
    chance = random.Random(seed)
    return [
        " ".join(chance.choices(_WORDS, k=chance.randint(2, 5))).capitalize() + f" {number}" + chance.choice(_ENDS)
        for number in range(count)
    ]


def queries(found: list[str], count: int, seed: int = 11) -> list[str]:
    """What people type for some of the titles: their beginning, words of them, first letters, letters left out."""
    chance = random.Random(seed)
    typed = []
    for title in chance.choices(found, k=count):
        words = title.lower().split()
        typed.append(chance.choice((
            title[:10].lower(),
            words[1][:8],
            "".join(word[0] for word in words)[:5],
            f"{words[0][:3]} {words[-1][:4]}",
            "".join(letter for letter in words[0] + words[1] if letter not in "aeiou")[:8],
        )))  # fmt: skip
    return typed
