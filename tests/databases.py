"""Databases as strangers have them: a table of builders, each writes one SQLite file.

Deterministic; standard library only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

Builder = Callable[[sqlite3.Connection], None]
#: What the music database is built from.
ARTISTS = ("Ada Lind", "The Kestrels", "Mono & Sons", "Ōe Quartet")
ALBUMS = (("First Light", 1), ("Low Tide", 1), ("Wings", 2), ("Nests", 2), ("Mono", 3), ("Études", 4))
CUSTOMERS = (("Ines", "Prado", "Lisboa"), ("Jon", "Falk", "Oslo"), ("Mai", "Sato", "Kyoto"))


def music(connection: sqlite3.Connection) -> None:
    """Albums, artists, tracks, customers, invoices: foreign keys and rows that belong to rows, on two levels."""
    connection.executescript(
        """
        CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE album (
            id INTEGER PRIMARY KEY, title TEXT NOT NULL CHECK (length(title) > 1),
            artist_id INTEGER NOT NULL REFERENCES artist, released DATE
        );
        CREATE TABLE track (
            id INTEGER PRIMARY KEY, title TEXT NOT NULL, album_id INTEGER REFERENCES album, seconds INTEGER,
            price NUMERIC(6,2) NOT NULL DEFAULT 0.99
        );
        CREATE TABLE customer (
            id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, city TEXT, email TEXT UNIQUE
        );
        CREATE TABLE invoice (
            id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, day DATE NOT NULL,
            total NUMERIC(10,2)
        );
        CREATE TABLE invoice_line (
            id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoice,
            track_id INTEGER NOT NULL REFERENCES track, quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0)
        );
        """
    )
    connection.executemany("INSERT INTO artist (name) VALUES (?)", [(name,) for name in ARTISTS])
    connection.executemany("INSERT INTO album (title, artist_id, released) VALUES (?, ?, '2020-05-01')", ALBUMS)
    tracks = [(f"{title} {number}", album, 120 + 7 * number) for album, (title, _) in enumerate(ALBUMS, 1)
              for number in range(1, 6)]  # fmt: skip
    connection.executemany("INSERT INTO track (title, album_id, seconds) VALUES (?, ?, ?)", tracks)
    customers = [(*row, f"{row[0].lower()}@example.org") for row in CUSTOMERS]
    connection.executemany(
        "INSERT INTO customer (first_name, last_name, city, email) VALUES (?, ?, ?, ?)", customers
    )
    for number in range(1, 10):
        connection.execute(
            "INSERT INTO invoice VALUES (?, ?, ?, ?)", (number, number % 3 + 1, f"2026-03-{number:02}", number * 1.98)
        )
        connection.executemany(
            "INSERT INTO invoice_line (invoice_id, track_id, quantity) VALUES (?, ?, ?)",
            [(number, number, 1), (number, number + 10, 2)],
        )


def trading(connection: sqlite3.Connection) -> None:
    """A trading company's: names with spaces, a composite key, an employee's superior, pictures."""
    connection.executescript(
        """
        CREATE TABLE "Categories" ("CategoryID" INTEGER PRIMARY KEY AUTOINCREMENT, "CategoryName" TEXT, "Picture" BLOB);
        CREATE TABLE "Employees" (
            "EmployeeID" INTEGER PRIMARY KEY, "LastName" TEXT, "Hire Date" DATETIME,
            "Reports To" INTEGER REFERENCES "Employees" ("EmployeeID")
        );
        CREATE TABLE "Products" (
            "ProductID" INTEGER PRIMARY KEY, "Product Name" TEXT NOT NULL,
            "CategoryID" INTEGER REFERENCES "Categories" ("CategoryID"), "Unit Price" NUMERIC DEFAULT 0,
            "Discontinued" TEXT NOT NULL DEFAULT '0', CHECK ("Unit Price" >= 0)
        );
        CREATE TABLE "Orders" (
            "Order ID" INTEGER PRIMARY KEY, "EmployeeID" INTEGER REFERENCES "Employees", "Order Date" DATETIME
        );
        CREATE TABLE "Order Details" (
            "Order ID" INTEGER NOT NULL REFERENCES "Orders" ("Order ID"),
            "ProductID" INTEGER NOT NULL REFERENCES "Products", "Unit Price" NUMERIC NOT NULL, "Quantity" INTEGER,
            "Discount" REAL, PRIMARY KEY ("Order ID", "ProductID")
        );
        CREATE VIEW "Order Subtotals" AS
            SELECT "Order ID", sum("Unit Price" * "Quantity") AS "Sub Total" FROM "Order Details" GROUP BY "Order ID";
        INSERT INTO "Categories" ("CategoryName", "Picture") VALUES ('Beverages', x'89504e47'), ('Sweets', NULL);
        INSERT INTO "Employees" VALUES (1, 'Chief', '1992-05-01 00:00:00', NULL), (2, 'Clerk', '1993-08-14', 1);
        INSERT INTO "Products" VALUES
            (1, 'Chai', 1, 18, '0'), (2, 'Chang', 1, 19.5, '1'), (3, 'Pavlova', 2, 17.45, '0');
        INSERT INTO "Orders" VALUES (10248, 1, '1996-07-04'), (10249, 2, '1996-07-05 10:30:00');
        INSERT INTO "Order Details" VALUES (10248, 1, 18, 12, 0), (10248, 2, 9.8, 10, 0.15), (10249, 3, 17.45, 5, 0);
        """
    )


def rental(connection: sqlite3.Connection) -> None:
    """A film shop's: triggers, a view, many-to-many tables, tables that refer to each other in a circle."""
    connection.executescript(
        """
        CREATE TABLE language (language_id SMALLINT PRIMARY KEY, name CHAR(20) NOT NULL, last_update TIMESTAMP);
        CREATE TABLE film (
            film_id INTEGER PRIMARY KEY, title VARCHAR(255) NOT NULL, description BLOB SUB_TYPE TEXT,
            language_id SMALLINT NOT NULL REFERENCES language ON DELETE NO ACTION ON UPDATE CASCADE,
            original_language_id SMALLINT REFERENCES language, rental_rate DECIMAL(4,2) DEFAULT 4.99,
            rating VARCHAR(10) DEFAULT 'G' CHECK (rating IN ('G','PG','PG-13','R','NC-17')), last_update TIMESTAMP
        );
        CREATE TABLE actor (actor_id NUMERIC PRIMARY KEY, first_name VARCHAR(45), last_name VARCHAR(45));
        CREATE TABLE film_actor (
            actor_id INT REFERENCES actor, film_id INT REFERENCES film, PRIMARY KEY (actor_id, film_id)
        );
        CREATE TABLE store (store_id INTEGER PRIMARY KEY, manager_staff_id SMALLINT NOT NULL REFERENCES staff);
        CREATE TABLE staff (
            staff_id INTEGER PRIMARY KEY, first_name TEXT, picture BLOB, store_id INT NOT NULL REFERENCES store
        );
        CREATE TRIGGER film_stamped AFTER UPDATE ON film BEGIN
            UPDATE film SET last_update = '2026-01-01 00:00:00' WHERE film_id = new.film_id; END;
        CREATE TRIGGER film_kept BEFORE DELETE ON film BEGIN SELECT RAISE(ABORT, 'films are never thrown away'); END;
        CREATE VIEW film_list AS SELECT film.film_id AS FID, title, group_concat(actor.last_name, ', ') AS actors
            FROM film LEFT JOIN film_actor USING (film_id) LEFT JOIN actor USING (actor_id) GROUP BY film.film_id;
        INSERT INTO language VALUES (1, 'English', NULL), (2, 'Suomi', NULL);
        INSERT INTO film (film_id, title, language_id) VALUES (1, 'ACADEMY DINOSAUR', 1), (2, 'ACE GOLDFINGER', 2);
        INSERT INTO actor VALUES (1, 'PENELOPE', 'GUINESS'), (2, 'NICK', 'WAHLBERG');
        INSERT INTO film_actor VALUES (1, 1), (1, 2), (2, 1);
        INSERT INTO store VALUES (1, 1);
        INSERT INTO staff VALUES (1, 'Mike', NULL, 1);
        """
    )


def blog(connection: sqlite3.Connection) -> None:
    """A web log's: prefixes, unix times, JSON texts, long texts, numbers that mean booleans, no foreign keys."""
    connection.executescript(
        """
        CREATE TABLE wp_users (ID integer PRIMARY KEY, user_login varchar(60) NOT NULL DEFAULT '', created integer);
        CREATE TABLE wp_posts (
            ID integer PRIMARY KEY AUTOINCREMENT, post_author bigint(20) NOT NULL DEFAULT 0,
            post_date datetime NOT NULL DEFAULT '0000-00-00 00:00:00', post_content longtext NOT NULL,
            post_title text NOT NULL, post_status varchar(20) DEFAULT 'publish',
            modified_at integer, is_sticky tinyint(1)
        );
        CREATE TABLE wp_options (
            option_id integer PRIMARY KEY, option_name varchar(191) UNIQUE,
            option_value json CHECK (json_valid(option_value))
        );
        CREATE TABLE wp_postmeta (meta_id integer PRIMARY KEY, post_id bigint, meta_key text, meta_value longtext);
        INSERT INTO wp_users VALUES (1, 'admin', 1700000000), (2, 'guest', 1700000000123);
        INSERT INTO wp_posts (post_content, post_title, modified_at, is_sticky) VALUES
            ('<p>Hello' || char(10) || 'world</p>', 'Hello', 1710000000, 1), ('', '', NULL, 0);
        INSERT INTO wp_options VALUES
            (1, 'siteurl', '"https://example.org"'), (2, 'widgets', '{"a": [1, 2, {"b": null}]}');
        INSERT INTO wp_postmeta VALUES (1, 1, '_edit', 'a:1:{s:3:"one";i:1;}');
        """
    )


def names(connection: sqlite3.Connection) -> None:
    """Tables and columns with names that mean something elsewhere, or that no identifier has."""
    words = ("main", "tables", "window", "select", "Übersicht 😀", "a.b", 'quote"d', "col", "1st", "--", "日本", "app")
    for table in words:
        quoted = '"' + table.replace('"', '""') + '"'
        connection.execute(
            f"CREATE TABLE {quoted} (id INTEGER PRIMARY KEY, 'select' TEXT, window TEXT, current INTEGER,"
            " count INTEGER, \"Unit Price\" NUMERIC, \"version 1.0\" TEXT, \"it's\" TEXT, \"tab\tin\" TEXT,"
            " `{curly}` TEXT, 'größe' REAL,"
            " 'true' TEXT, 'order' TEXT, \"a:label\" TEXT)"
        )
        row = (1, "a", "b", 3, 4, 5.5, "1", "i", "t", "{c}", 1.5, "t", "o", "l")
        connection.execute(f"INSERT INTO {quoted} VALUES ({', '.join('?' * len(row))})", row)
    connection.executescript(
        """
        CREATE TABLE "key.table" ("the.key" TEXT PRIMARY KEY, "Full Name" TEXT);
        CREATE TABLE "user.table" (id INTEGER PRIMARY KEY, "key.ref" TEXT
            REFERENCES "key.table" ("the.key"), "x y" TEXT);
        CREATE TABLE "a/b" (id INTEGER PRIMARY KEY, "x/y" TEXT);
        CREATE TABLE "main/c" (id INTEGER PRIMARY KEY, ab INTEGER REFERENCES "a/b", "" TEXT);
        INSERT INTO "a/b" VALUES (1, 'with a slash'); INSERT INTO "main/c" VALUES (1, 1, 'no name');
        INSERT INTO "key.table" VALUES ('one.1', 'The first'), ('two', 'The second');
        INSERT INTO "user.table" VALUES (1, 'one.1', 'belongs to one'), (2, 'two', 'belongs to two');
        """
    )


def shapes(connection: sqlite3.Connection) -> None:
    """Tables of every making: no key, composite, WITHOUT ROWID, STRICT, generated, full text, views."""
    connection.executescript(
        """
        CREATE TABLE keyless (name TEXT, amount REAL);
        INSERT INTO keyless VALUES ('a', 1.5), ('a', 1.5), (NULL, NULL);
        CREATE TABLE pair (a INTEGER, b TEXT, note TEXT, PRIMARY KEY (a, b));
        INSERT INTO pair VALUES (1, 'x', 'one'), (1, 'y', 'two');
        CREATE TABLE slim (code TEXT PRIMARY KEY, title TEXT) WITHOUT ROWID;
        INSERT INTO slim VALUES ('b', 'Bee'), ('a', 'Aye');
        CREATE TABLE firm (id INTEGER PRIMARY KEY, n INT NOT NULL, t TEXT, x ANY, d BLOB) STRICT;
        INSERT INTO firm VALUES (1, 1, 't', 'any', x'00ff'), (2, 2, NULL, 3.5, NULL);
        CREATE TABLE sums (id INTEGER PRIMARY KEY, a INT, b INT, total INT AS (a + b), kept INT AS (a * b) STORED);
        INSERT INTO sums (a, b) VALUES (1, 2), (3, 4);
        CREATE VIRTUAL TABLE notes USING fts5(title, body);
        INSERT INTO notes VALUES ('Hello', 'full text search'), ('Other', 'more words');
        CREATE VIEW broken_view AS SELECT nowhere.x FROM nowhere;
        CREATE VIEW pair_view AS SELECT a, count(*) AS n FROM pair GROUP BY a;
        CREATE TABLE loop_a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES loop_b, name TEXT);
        CREATE TABLE loop_b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES loop_a, name TEXT);
        INSERT INTO loop_a VALUES (1, 1, 'A'); INSERT INTO loop_b VALUES (1, 1, 'B');
        CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER REFERENCES person);
        INSERT INTO person VALUES (1, 'Eve', NULL), (2, 'Ole', 1), (3, 'Own', 3);
        CREATE TABLE orphan (id INTEGER PRIMARY KEY, gone INTEGER REFERENCES vanished, bad INTEGER REFERENCES person);
        INSERT INTO orphan VALUES (1, 7, 99);
        CREATE TABLE void (id INTEGER PRIMARY KEY);
        """
    )


def values(connection: sqlite3.Connection) -> None:
    """Values that do not fit: wrong types, NULLs, blobs, huge texts, broken UTF-8, infinities, far dates."""
    connection.execute(
        "CREATE TABLE odd (id INTEGER PRIMARY KEY, n INTEGER, d DATE, t TEXT, b BLOB, r REAL, m DECIMAL(10,2),"
        " f BOOLEAN, s TIME, z DATETIME)"
    )
    rows = [
        (1, 1, "2026-01-02", "plain", b"\x00\x01", 1.5, 2.25, 1, "10:30", "2026-01-02T10:30:00Z"),
        (2, None, None, None, None, None, None, None, None, None),
        (3, "not a number", "not a date", 12345, "text in a blob", "word", "much", "maybe", "noon", "later"),
        (4, 2**63 - 1, "9999-12-31", "x" * 3_000_000, b"\xff" * 200_000, 1e308, 0.1, 0, "23:59:59.999", "-4712-01-01"),
        (5, -(2**63), "0000-00-00", "line\nline\r\n\ttab\x07bell \u202eturned", b"", float("inf"), -0.0, 2, "", ""),
        (6, 3.7, 1767312000, "👩‍👩‍👧 e\u0301 \ufeff", b"\x89PNG", float("-inf"), "1e3", "true", 3600, 2460000.5),
        (7, 0, "2026-13-45", "", b"x", 0.0, 0, b"\x01", "25:61", 1767312000123),
    ]
    connection.executemany("INSERT INTO odd VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
    connection.execute("INSERT INTO odd (id, t) VALUES (8, CAST(x'61ff62c3' AS TEXT)), (9, 'a' || char(0) || 'b')")


def wide(connection: sqlite3.Connection) -> None:
    """A table of 500 columns."""
    columns = ", ".join(f"column_{number} {('TEXT', 'INTEGER', 'REAL')[number % 3]}" for number in range(499))
    connection.execute(f"CREATE TABLE wide (id INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" * 500)
    connection.executemany(f"INSERT INTO wide VALUES ({marks})", [[row, *range(499)] for row in range(1, 40)])


def many(connection: sqlite3.Connection) -> None:
    """Three hundred tables, each referring to the one before."""
    for number in range(300):
        before = f", before_id INTEGER REFERENCES table_{number - 1}" if number else ""
        connection.execute(f"CREATE TABLE table_{number} (id INTEGER PRIMARY KEY, name TEXT{before})")
        connection.execute(f"INSERT INTO table_{number} (name) VALUES ('row')")


def long(connection: sqlite3.Connection) -> None:
    """A million rows."""
    connection.executescript(
        """
        CREATE TABLE reading (id INTEGER PRIMARY KEY, sensor TEXT, taken INTEGER, value REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
            INSERT INTO reading SELECT i, 'sensor ' || (i % 50), 1700000000 + i, (i * 7919 % 10007) / 100.0 FROM n;
        """
    )


def bare(connection: sqlite3.Connection) -> None:
    """A database without a table."""
    connection.executescript("CREATE TABLE t (a); DROP TABLE t;")


def journalled(connection: sqlite3.Connection) -> None:
    """The music in write-ahead-log mode."""
    connection.execute("PRAGMA journal_mode = WAL")
    music(connection)


#: Name → builder of its database.
DATABASES: dict[str, Builder] = {
    "music": music,
    "trading": trading,
    "rental": rental,
    "blog": blog,
    "names": names,
    "shapes": shapes,
    "values": values,
    "wide": wide,
    "many": many,
    "long": long,
    "bare": bare,
    "journalled": journalled,
}


def build(name: str, folder: Path) -> Path:
    """Write a database of the table into ``folder``; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.sqlite"
    connection = sqlite3.connect(path)
    try:
        with connection:
            DATABASES[name](connection)
    finally:
        connection.close()
    return path
