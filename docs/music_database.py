"""A small music database for pictures and for trying things out: always the same rows, made from a few words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE Album (
    AlbumId INTEGER PRIMARY KEY, Title TEXT NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist,
    Released DATE, Label TEXT, Rating INTEGER CHECK (Rating BETWEEN 1 AND 5), IsLive BOOLEAN NOT NULL DEFAULT 0,
    Notes TEXT
);
CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name TEXT NOT NULL, Country TEXT);
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name TEXT NOT NULL UNIQUE);
CREATE TABLE Track (
    TrackId INTEGER PRIMARY KEY, Name TEXT NOT NULL, AlbumId INTEGER NOT NULL REFERENCES Album ON DELETE CASCADE,
    Position INTEGER NOT NULL, GenreId INTEGER REFERENCES Genre, Seconds INTEGER NOT NULL CHECK (Seconds > 0),
    Price NUMERIC(6, 2) NOT NULL, UNIQUE (AlbumId, Position)
);
CREATE TABLE Playlist (PlaylistId INTEGER PRIMARY KEY, Name TEXT NOT NULL UNIQUE);
CREATE TABLE PlaylistTrack (
    PlaylistId INTEGER NOT NULL REFERENCES Playlist, TrackId INTEGER NOT NULL REFERENCES Track,
    PRIMARY KEY (PlaylistId, TrackId)
);
CREATE TABLE Customer (
    CustomerId INTEGER PRIMARY KEY, FirstName TEXT NOT NULL, LastName TEXT NOT NULL, City TEXT, Email TEXT UNIQUE
);
CREATE TABLE Invoice (
    InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER NOT NULL REFERENCES Customer, InvoiceDate DATE NOT NULL,
    BillingAddress TEXT, Total NUMERIC(8, 2) NOT NULL
);
"""
ARTISTS = (
    ("The Paper Lanterns", "Ireland"), ("Nora Lindqvist", "Sweden"), ("Halcyon Quartet", "Austria"),
    ("Low Tide", "Portugal"), ("Mistral & Sons", "France"), ("Amélie Duarte", "Brazil"),
    ("Kestrel", "United Kingdom"), ("Yuki Tanabe Trio", "Japan"), ("Northern Wire", "Norway"),
    ("Salt and Cedar", "Canada"), ("Orchard Street Band", "United States"), ("Zofia Malik", "Poland"),
)  # fmt: skip
FIRST = ("Quiet", "Long", "Winter", "Second", "Glass", "Open", "Silver", "Late", "Distant", "Paper", "Blue", "Early")
SECOND = (
    "Harbour", "Letters", "Gardens", "Radio", "Orchard", "Windows", "Summer", "Streets", "Rivers", "Machines", "Light",
)  # fmt: skip
GENRES = ("Folk", "Chamber", "Jazz", "Electronic", "Rock", "Soul", "Ambient")
LABELS = ("Fieldnotes", "Blue Door", "Kontor Nord", None, "Self-released")
PEOPLE = (
    ("Ivy", "Johnson", "Leeds"), ("Zoé", "Fournier", "Lyon"), ("Max", "Schmidt", "Kiel"),
    ("Sanne", "Mulder", "Utrecht"),
)  # fmt: skip
ALBUMS, TRACKS_EACH = 96, 9


def write_music(path: Path) -> None:
    """Make the database; what stood there before goes."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(SCHEMA)
            for table, rows in _rows().items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    finally:
        connection.close()


def _rows() -> dict[str, list[tuple]]:
    tracks = [
        (at * TRACKS_EACH + number + 1, _title(at * 5 + number * 7), at + 1, number + 1, at % len(GENRES) + 1,
         150 + (at * 37 + number * 53) % 220, 0.99 if number % 4 else 1.29)
        for at in range(ALBUMS) for number in range(TRACKS_EACH)
    ]  # fmt: skip
    return {
        "Artist": [(at + 1, *artist) for at, artist in enumerate(ARTISTS)],
        "Genre": [(at + 1, name) for at, name in enumerate(GENRES)],
        "Album": [_album(at) for at in range(ALBUMS)],
        "Track": tracks,
        "Playlist": [(at + 1, name) for at, name in enumerate(("Morning", "Focus", "Kitchen", "Night train"))],
        "PlaylistTrack": [(at % 4 + 1, at * 3 + 1) for at in range(120)],
        "Customer": [(at + 1, *one, f"{one[0].lower()}@post.example") for at, one in enumerate(PEOPLE)],
        "Invoice": [
            (at + 1, at % 4 + 1, f"2026-{at % 9 + 1:02}-{at % 27 + 1:02}", f"{at + 3} Mill Lane", 3 + at * 7 % 20)
            for at in range(60)
        ],
    }


def _album(at: int) -> tuple:
    released = f"{1998 + at * 5 % 28}-{at * 7 % 12 + 1:02}-{at * 11 % 28 + 1:02}"
    notes = "Recorded in one week, mixed at home." if at % 6 == 0 else None
    artist = at * 5 % len(ARTISTS) + 1
    return (at + 1, _title(at), artist, released, LABELS[at % len(LABELS)], at % 5 + 1, int(at % 9 == 0), notes)


def _title(at: int) -> str:
    return f"{FIRST[at % len(FIRST)]} {SECOND[(at * 3 + at // 12) % len(SECOND)]}"
