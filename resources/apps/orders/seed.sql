-- A generated garden supplier: the same rows on every machine, in plain SQL.
--
-- Random numbers are MINSTD's, x -> x * 48271 % 2147483647 (Park and Miller, CACM 36-7, 1993). A row draws
-- several in one step, by the powers of the multiplier: 48271, 182605794, 1291394886, 1914720637, 2078669041,
-- 407355683, 1105902161, 854716505. All products stay below 2^62, so SQLite never turns them into reals.
-- The data ends on 2026-10-31 and begins three years before.

-- Categories, products -----------------------------------------------------------------------------------------

INSERT INTO categories (id, name) VALUES
    (1, 'Hand tools'), (2, 'Pruning'), (3, 'Watering'), (4, 'Pots'), (5, 'Seeds'),
    (6, 'Bulbs'), (7, 'Furniture'), (8, 'Lighting'), (9, 'Greenhouse'), (10, 'Soil and feed');

CREATE TEMP TABLE item (category INTEGER, place INTEGER, name TEXT, price REAL);
INSERT INTO item VALUES
    (1, 0, 'trowel', 12), (1, 1, 'hand fork', 13), (1, 2, 'dibber', 9), (1, 3, 'border spade', 42), (1, 4, 'rake', 34),
    (2, 0, 'secateurs', 36), (2, 1, 'loppers', 48), (2, 2, 'hedge shears', 39), (2, 3, 'pruning saw', 29), (2, 4, 'grafting knife', 22),
    (3, 0, 'watering can 9 l', 27), (3, 1, 'hose 25 m', 44), (3, 2, 'spray gun', 18), (3, 3, 'drip set', 56), (3, 4, 'rain gauge', 14),
    (4, 0, 'pot 20 cm', 11), (4, 1, 'pot 40 cm', 31), (4, 2, 'window box', 24), (4, 3, 'hanging basket', 19), (4, 4, 'saucer', 5),
    (5, 0, 'tomato seeds', 3), (5, 1, 'sweet pea seeds', 3), (5, 2, 'lettuce seeds', 2), (5, 3, 'poppy seeds', 2), (5, 4, 'bean seeds', 4),
    (6, 0, 'tulip bulbs', 8), (6, 1, 'daffodil bulbs', 7), (6, 2, 'crocus bulbs', 6), (6, 3, 'allium bulbs', 9), (6, 4, 'lily bulbs', 11),
    (7, 0, 'bench', 189), (7, 1, 'folding chair', 64), (7, 2, 'bistro table', 118), (7, 3, 'parasol', 96), (7, 4, 'lounger', 149),
    (8, 0, 'path light', 26), (8, 1, 'lantern', 33), (8, 2, 'string lights 10 m', 29), (8, 3, 'wall light', 58), (8, 4, 'solar spot', 21),
    (9, 0, 'cold frame', 84), (9, 1, 'cloche', 17), (9, 2, 'propagator', 41), (9, 3, 'potting bench', 128), (9, 4, 'shade net', 23),
    (10, 0, 'compost 40 l', 9), (10, 1, 'tomato feed', 8), (10, 2, 'bark mulch 60 l', 12), (10, 3, 'grit 20 kg', 7), (10, 4, 'lawn feed', 16);

-- Ten ranges; plants come in varieties instead.
CREATE TEMP TABLE range (place INTEGER, name TEXT, variety TEXT, factor REAL);
INSERT INTO range VALUES
    (0, 'Ashdown', 'Golden Crown', 1.00), (1, 'Belmont', 'Early Snow', 1.35), (2, 'Calder', 'Red Lantern', 0.85),
    (3, 'Dunmore', 'Blue Hour', 1.15), (4, 'Eskdale', 'Moonlight', 0.95), (5, 'Fenwick', 'Painted Lady', 1.60),
    (6, 'Glenmoor', 'King Alfred', 0.75), (7, 'Harrow', 'Summer Rose', 1.25), (8, 'Islay', 'White Pearl', 1.05),
    (9, 'Kielder', 'Black Prince', 1.80);

INSERT INTO products (id, name, sku, category_id, price, stock, is_active)
SELECT
    (item.category - 1) * 50 + item.place * 10 + range.place + 1,
    CASE WHEN item.category IN (5, 6) THEN upper(substr(item.name, 1, 1)) || substr(item.name, 2) || ', ' || range.variety
         ELSE range.name || ' ' || item.name END,
    upper(substr(categories.name, 1, 2)) || '-' || (item.place + 1) || printf('%02d', range.place + 1)
        || '-' || (1000 + (item.category * 7919 + item.place * 613 + range.place * 97) % 9000),
    item.category,
    CASE WHEN item.price * range.factor < 10 THEN round(round(item.price * range.factor, 1) - 0.05, 2)
         ELSE CAST(item.price * range.factor AS INTEGER) + 0.95 END,
    CASE WHEN (item.category * 31 + item.place * 17 + range.place * 7) % 23 = 0 THEN 0
         ELSE (item.category * 911 + item.place * 577 + range.place * 283) % 240 END,
    (item.category * 13 + item.place * 29 + range.place * 3) % 31 <> 0
FROM item, range JOIN categories ON categories.id = item.category
ORDER BY 1;

-- Customers ----------------------------------------------------------------------------------------------------

CREATE TEMP TABLE land (place INTEGER PRIMARY KEY, name TEXT, dial TEXT, street TEXT, first TEXT, last TEXT, city TEXT, domain TEXT);
INSERT INTO land VALUES
    (0, 'United Kingdom', '+44',
     '["High Street","Church Lane","Mill Road","Station Road","Orchard Close","The Green","Park View","Kingsway"]',
     '["Amelia","Oliver","Isla","George","Ava","Harry","Emily","Arthur","Grace","Noah","Freya","Leo","Poppy","Oscar","Ivy","Theo","Florence","Jack","Alice","Henry","Sophie","Thomas","Ruby","James"]',
     '["Smith","Jones","Taylor","Brown","Williams","Wilson","Johnson","Davies","Patel","Wright","Walker","Thompson","White","Hughes","Edwards","Green","Hall","Wood","Harris","Clarke","Turner","Hill","Moore","Cooper","Ward","Bailey","Shaw","Foster"]',
     '["London","Bristol","Leeds","Norwich","York","Bath","Exeter","Edinburgh","Cardiff","Sheffield","Brighton","Chester"]', 'co.uk'),
    (1, 'Germany', '+49',
     '["Hauptstraße","Gartenweg","Bahnhofstraße","Lindenallee","Mühlweg","Schulstraße","Rosenstraße","Am Markt"]',
     '["Emma","Ben","Mia","Paul","Hannah","Jonas","Lea","Felix","Anna","Lukas","Klara","Moritz","Greta","Jakob","Frieda","Anton","Ida","Karl","Lotte","Emil","Marie","Max","Johanna","Jürgen"]',
     '["Müller","Schmidt","Schneider","Fischer","Weber","Meyer","Wagner","Becker","Schulz","Hoffmann","Schäfer","Koch","Bauer","Richter","Klein","Wolf","Schröder","Neumann","Schwarz","Zimmermann","Braun","Krüger","Hartmann","Lange","Werner","Krause","Lehmann","Köhler"]',
     '["Berlin","Hamburg","München","Köln","Leipzig","Dresden","Freiburg","Bremen","Münster","Erfurt","Kassel","Ulm"]', 'de'),
    (2, 'France', '+33',
     '["rue de la Paix","avenue des Tilleuls","rue du Moulin","place du Marché","rue Victor Hugo","chemin des Vignes","rue de l''Église","quai du Port"]',
     '["Louise","Gabriel","Jade","Raphaël","Alice","Arthur","Chloé","Jules","Inès","Adam","Léa","Louis","Manon","Hugo","Zoé","Lucas","Camille","Nathan","Juliette","Théo","Élise","Antoine","Margaux","Bastien"]',
     '["Martin","Bernard","Dubois","Thomas","Robert","Petit","Durand","Leroy","Moreau","Simon","Laurent","Lefèvre","Michel","Garcia","Roux","Fournier","Girard","Mercier","Blanc","Guérin","Boyer","Chevalier","Perrin","Morin","Dumont","Marchand","Renard","Colin"]',
     '["Paris","Lyon","Nantes","Lille","Bordeaux","Toulouse","Rennes","Dijon","Grenoble","Tours","Angers","Nîmes"]', 'fr'),
    (3, 'Netherlands', '+31',
     '["Kerkstraat","Dorpsstraat","Molenweg","Stationsweg","Tuinlaan","Marktplein","Prinsengracht","Beukenlaan"]',
     '["Julia","Noah","Emma","Daan","Sophie","Sem","Tess","Lucas","Sara","Finn","Anna","Milan","Lotte","Bram","Fleur","Thijs","Eva","Ruben","Femke","Jasper","Sanne","Koen","Maud","Pieter"]',
     '["de Jong","Jansen","de Vries","Bakker","Visser","Smit","Meijer","Mulder","Bos","Vos","Peters","Hendriks","Dekker","Brouwer","Kok","Kuipers","Postma","Schouten","Hoekstra","van Dijk","van den Berg","Verhoeven","Dijkstra","Willems","van Leeuwen","Kramer","Prins","Blom"]',
     '["Amsterdam","Utrecht","Rotterdam","Haarlem","Leiden","Delft","Groningen","Zwolle","Breda","Arnhem","Gouda","Maastricht"]', 'nl'),
    (4, 'Sweden', '+46',
     '["Storgatan","Kyrkvägen","Trädgårdsgatan","Skolgatan","Björkvägen","Ängsvägen","Hamngatan","Lindvägen"]',
     '["Alma","William","Astrid","Hugo","Vera","Liam","Ebba","Nils","Saga","Elias","Elsa","Axel","Maja","Oskar","Signe","Gustav","Tyra","Albin","Ellen","Viktor","Linnéa","Sixten","Freja","Sören"]',
     '["Andersson","Johansson","Karlsson","Nilsson","Eriksson","Larsson","Olsson","Persson","Svensson","Gustafsson","Lindberg","Lindström","Berg","Bergström","Lundgren","Sandberg","Holm","Sjöberg","Wallin","Engström","Eklund","Nyström","Åberg","Hedlund","Dahl","Forsberg","Norén","Ström"]',
     '["Stockholm","Göteborg","Malmö","Uppsala","Lund","Umeå","Örebro","Linköping","Visby","Kalmar","Växjö","Karlstad"]', 'se');

CREATE TEMP TABLE person AS
WITH RECURSIVE draw (id, a, b, c, d, e, f, g, h) AS (
    SELECT 0, 0, 0, 0, 0, 0, 0, 0, 20261031
    UNION ALL
    SELECT id + 1, h * 48271 % 2147483647, h * 182605794 % 2147483647, h * 1291394886 % 2147483647,
           h * 1914720637 % 2147483647, h * 2078669041 % 2147483647, h * 407355683 % 2147483647,
           h * 1105902161 % 2147483647, h * 854716505 % 2147483647
    FROM draw WHERE id < 2400
)
SELECT draw.*, land.*,
       json_extract(land.first, '$[' || (b / 64 % 24) || ']') AS first_name,
       json_extract(land.last, '$[' || (c / 64 % 28) || ']') AS last_name,
       json_extract(land.city, '$[' || (d / 64 % 12) || ']') AS town,
       json_extract(land.street, '$[' || (e / 64 % 8) || ']') AS road
FROM draw JOIN land ON land.place = CASE WHEN a % 100 < 46 THEN 0 WHEN a % 100 < 66 THEN 1 WHEN a % 100 < 80 THEN 2 WHEN a % 100 < 91 THEN 3 ELSE 4 END
WHERE id > 0;

INSERT INTO customers (id, name, company, email, phone, street, postcode, city, country, since, newsletter, notes)
SELECT
    id,
    first_name || ' ' || last_name,
    CASE WHEN g / 64 % 100 < 14 THEN last_name || CASE g / 8192 % 5
        WHEN 0 THEN ' Gardens' WHEN 1 THEN ' & Co' WHEN 2 THEN ' Landscapes' WHEN 3 THEN ' Nursery' ELSE ' Florists' END END,
    mail || CASE WHEN twin > 1 THEN twin ELSE '' END || '@'
        || CASE h / 64 % 4 WHEN 0 THEN 'mail' WHEN 1 THEN 'post' WHEN 2 THEN 'home' ELSE 'letters' END || '.example.' || domain,
    dial || ' ' || (100 + e / 128 % 900) || ' ' || (1000 + f / 64 % 9000) || ' ' || printf('%03d', g / 32 % 1000),
    CASE country WHEN 'United Kingdom' THEN (1 + f / 4096 % 140) || ' ' || road
                 WHEN 'France' THEN (1 + f / 4096 % 140) || ', ' || road
                 ELSE road || ' ' || (1 + f / 4096 % 140) END,
    CASE country WHEN 'United Kingdom' THEN upper(substr(town, 1, 2)) || (1 + h / 4096 % 24) || ' ' || (1 + h / 128 % 9) || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + f / 256 % 20, 1) || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + h / 512 % 20, 1)
                 WHEN 'Netherlands' THEN (1000 + h / 256 % 9000) || ' ' || substr('ABCDEGHJKLMNPRSTVWXZ', 1 + f / 256 % 20, 1) || substr('ABCDEGHJKLMNPRSTVWXZ', 1 + h / 512 % 20, 1)
                 WHEN 'Sweden' THEN (100 + h / 256 % 900) || ' ' || (10 + f / 256 % 90)
                 ELSE (10000 + h / 256 % 89000) END,
    town,
    country,
    date('2019-03-01', '+' || (id * 1660 / 2400 + f / 64 % 40) || ' days'),
    h / 32 % 100 < 38,
    CASE WHEN g / 16 % 100 < 9 THEN CASE f / 32 % 6
        WHEN 0 THEN 'Prefers deliveries before noon.'
        WHEN 1 THEN 'Leave parcels with the neighbour.'
        WHEN 2 THEN 'Asks for paper invoices.' || char(10) || 'Send them to the billing address.'
        WHEN 3 THEN 'Allotment club: group orders in spring.'
        WHEN 4 THEN 'Narrow lane, small van only.'
        ELSE 'Call before shipping furniture.' END END
FROM (
    SELECT id, first_name, last_name, town, road, a, b, c, d, e, f, g, h, name AS country, dial, domain, mail,
           row_number() OVER (PARTITION BY mail, h / 64 % 4, domain ORDER BY id) AS twin
    FROM (
        SELECT *, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            lower(first_name || '.' || last_name),
            ' ', ''), 'ü', 'ue'), 'ö', 'oe'), 'ä', 'ae'), 'ß', 'ss'), 'é', 'e'), 'É', 'e'), 'è', 'e'), 'ë', 'e'), 'å', 'a'), 'Å', 'a'), 'î', 'i'), 'ï', 'i') AS mail
        FROM person
    )
)
ORDER BY id;

-- Orders -------------------------------------------------------------------------------------------------------

-- A day's share of the orders: gardens sell in spring, gifts in December, weekends are quiet, and the firm grows.
CREATE TEMP TABLE day AS
WITH RECURSIVE days (day, n) AS (
    SELECT date('2023-11-01'), 0 UNION ALL SELECT date(day, '+1 day'), n + 1 FROM days WHERE n < 1095
),
weighed AS (
    SELECT day, n,
           (1000 + n)
           * CASE strftime('%m', day)
                 WHEN '01' THEN 52 WHEN '02' THEN 70 WHEN '03' THEN 118 WHEN '04' THEN 158 WHEN '05' THEN 164 WHEN '06' THEN 128
                 WHEN '07' THEN 96 WHEN '08' THEN 84 WHEN '09' THEN 102 WHEN '10' THEN 92 WHEN '11' THEN 88 ELSE 112 END
           * CASE strftime('%w', day) WHEN '0' THEN 4 WHEN '6' THEN 6 WHEN '1' THEN 13 ELSE 10 END AS weight
    FROM days
),
summed AS (SELECT day, n, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS whole FROM weighed)
SELECT day, n, coalesce(lag(upto) OVER (ORDER BY n), 0) * 50000 / whole AS low, upto * 50000 / whole AS high FROM summed;

CREATE TEMP TABLE placed AS
WITH RECURSIVE expanded (day, n, id, high) AS (
    SELECT day, n, low + 1, high FROM day WHERE high > low
    UNION ALL
    SELECT day, n, id + 1, high FROM expanded WHERE id < high
)
SELECT id, day, 1095 - n AS age FROM expanded ORDER BY id;

CREATE TEMP TABLE bought AS
WITH RECURSIVE draw (id, a, b, c, d, e, f, g, h) AS (
    SELECT 0, 0, 0, 0, 0, 0, 0, 0, 48271
    UNION ALL
    SELECT id + 1, h * 48271 % 2147483647, h * 182605794 % 2147483647, h * 1291394886 % 2147483647,
           h * 1914720637 % 2147483647, h * 2078669041 % 2147483647, h * 407355683 % 2147483647,
           h * 1105902161 % 2147483647, h * 854716505 % 2147483647
    FROM draw WHERE id < 50000
)
SELECT draw.*, placed.day, placed.age,
       -- Young orders are open, a week later shipped, then delivered; a few are cancelled, a few forgotten.
       CASE WHEN b / 64 % 1000 < 34 THEN 'cancelled'
            WHEN age > 25 THEN CASE WHEN b / 64 % 1000 < 37 THEN 'open' ELSE 'delivered' END
            WHEN age > 12 THEN CASE WHEN b / 64 % 1000 < 120 THEN 'packed' WHEN b / 64 % 1000 < 480 THEN 'shipped' ELSE 'delivered' END
            WHEN age > 5 THEN CASE WHEN b / 64 % 1000 < 240 THEN 'open' WHEN b / 64 % 1000 < 470 THEN 'packed' ELSE 'shipped' END
            ELSE CASE WHEN b / 64 % 1000 < 780 THEN 'open' WHEN b / 64 % 1000 < 940 THEN 'packed' ELSE 'shipped' END END AS status,
       CASE WHEN c / 64 % 100 < 8 THEN 'high' WHEN c / 64 % 100 < 20 THEN 'low' ELSE 'normal' END AS priority
FROM draw JOIN placed USING (id);

INSERT INTO orders (id, customer_id, placed, due, shipped, status, priority, is_gift, notes)
SELECT
    id,
    -- Some customers come often: the square of an even number crowds the low end; 1009 has no divisor in common with 2400.
    1 + ((a / 2048 % 1000) * (a / 2048 % 1000) * 2400 / 1000000 + d / 64 % 40) * 1009 % 2400,
    day,
    date(day, '+' || CASE priority WHEN 'high' THEN 2 + e / 64 % 3 WHEN 'low' THEN 10 + e / 64 % 12 ELSE 5 + e / 64 % 6 END || ' days'),
    CASE WHEN status IN ('shipped', 'delivered') THEN date(day, '+' || min(age, 1 + f / 64 % CASE priority WHEN 'high' THEN 2 WHEN 'low' THEN 9 ELSE 5 END) || ' days') END,
    status,
    priority,
    g / 64 % 100 < CASE WHEN strftime('%m', day) = '12' THEN 30 ELSE 6 END,
    CASE WHEN h / 64 % 100 < 6 THEN CASE h / 8192 % 6
        WHEN 0 THEN 'Please wrap as a present.'
        WHEN 1 THEN 'Deliver to the back gate.'
        WHEN 2 THEN 'Customer asked to wait for the second parcel.'
        WHEN 3 THEN 'Replacement for a damaged item.'
        WHEN 4 THEN 'Invoice to the office,' || char(10) || 'goods to the greenhouse.'
        ELSE 'Phone before delivery.' END END
FROM bought
ORDER BY id;

-- One to six lines each; a line's price is the product's, lower in the early days.
INSERT INTO order_lines (order_id, product_id, quantity, price)
WITH RECURSIVE line (order_id, age, count, place, a, b, c) AS (
    SELECT id, age, CASE WHEN f / 4096 % 100 < 34 THEN 1 WHEN f / 4096 % 100 < 61 THEN 2 WHEN f / 4096 % 100 < 79 THEN 3
                         WHEN f / 4096 % 100 < 90 THEN 4 WHEN f / 4096 % 100 < 96 THEN 5 ELSE 6 END, 1,
           g * 48271 % 2147483647, g * 182605794 % 2147483647, g * 1291394886 % 2147483647
    FROM bought
    UNION ALL
    SELECT order_id, age, count, place + 1,
           c * 48271 % 2147483647, c * 182605794 % 2147483647, c * 1291394886 % 2147483647
    FROM line WHERE place < count
)
SELECT order_id, products.id,
       CASE WHEN products.price > 60 THEN 1 + (b / 64 % 8 = 0) WHEN products.price > 15 THEN 1 + b / 64 % 3 ELSE 1 + b / 64 % 6 END,
       CASE WHEN age > 730 AND products.price > 5 THEN round(round(products.price * 0.92, 1) + 0.05, 2)
            WHEN age > 365 AND products.price > 5 THEN round(round(products.price * 0.96, 1) + 0.05, 2)
            ELSE products.price END
FROM line JOIN products ON products.id = 1 + a / 2048 % 500
ORDER BY order_id, place;

DROP TABLE item;
DROP TABLE range;
DROP TABLE land;
DROP TABLE person;
DROP TABLE day;
DROP TABLE placed;
DROP TABLE bought;
