-- People, and what was said.

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    organisation TEXT,
    kind TEXT NOT NULL DEFAULT 'work' CHECK (kind IN ('work', 'family', 'friend', 'supplier')),
    email TEXT CHECK (email LIKE '%_@_%'),
    phone TEXT,
    birthday DATE,
    is_favourite BOOLEAN NOT NULL DEFAULT 0 CHECK (is_favourite IN (0, 1)),
    notes LONGTEXT
);

CREATE TABLE talks (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    day DATE NOT NULL DEFAULT (date('now')),
    about TEXT NOT NULL
);

CREATE INDEX people_by_name ON people (name);
CREATE INDEX talks_by_person ON talks (person_id, day);

INSERT INTO people (id, name, organisation, kind, email, phone, birthday, is_favourite, notes) VALUES
    (1, 'Ada Byron', 'Analytical Works', 'work', 'ada@works.example', '+44 20 7946 0101', '1985-12-10', 1, 'Prefers letters.'),
    (2, 'Karl Gärtner', 'Baumschule Gärtner', 'supplier', 'karl@gaertner.example', '+49 30 555 0199', NULL, 0, 'Fruit trees, two years old, delivered in November.'),
    (3, 'Noor de Wit', NULL, 'friend', 'noor@post.example', '+31 20 555 0142', '1991-04-03', 1, NULL),
    (4, 'Élise Marchand', 'Pépinière du Lac', 'supplier', 'elise@lac.example', '+33 4 55 50 01 77', NULL, 0, NULL),
    (5, 'Sam Okafor', NULL, 'family', NULL, '+44 161 496 0153', '2001-09-21', 0, 'Moves in spring.');

INSERT INTO talks (person_id, day, about) VALUES
    (1, '2026-09-14', 'The engine''s new bearings'),
    (2, '2026-10-02', 'Twelve pears on quince stock'),
    (2, '2026-10-20', 'Wires and posts for the trellis'),
    (3, '2026-10-11', 'Dinner on Saturday');
