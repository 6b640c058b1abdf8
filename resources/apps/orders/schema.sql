-- The order desk's tables. Run once, when the database is created.

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sku TEXT NOT NULL UNIQUE,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    price NUMERIC(10,2) NOT NULL CHECK (price >= 0),
    stock INTEGER NOT NULL DEFAULT 0 CHECK (stock >= 0),
    is_active BOOLEAN NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
);

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    company TEXT,
    email TEXT NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
    phone TEXT,
    street TEXT,
    postcode TEXT,
    city TEXT NOT NULL,
    country TEXT NOT NULL DEFAULT 'United Kingdom'
        CHECK (country IN ('United Kingdom', 'Germany', 'France', 'Netherlands', 'Sweden')),
    since DATE NOT NULL DEFAULT (date('now')),
    newsletter BOOLEAN NOT NULL DEFAULT 0 CHECK (newsletter IN (0, 1)),
    notes LONGTEXT
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    placed DATE NOT NULL DEFAULT (date('now')),
    due DATE NOT NULL DEFAULT (date('now', '+7 days')),
    shipped DATE,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'packed', 'shipped', 'delivered', 'cancelled')),
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
    is_gift BOOLEAN NOT NULL DEFAULT 0 CHECK (is_gift IN (0, 1)),
    total NUMERIC(10,2) NOT NULL DEFAULT 0,
    notes LONGTEXT,
    CHECK (due >= placed),
    CHECK (status NOT IN ('shipped', 'delivered') OR shipped IS NOT NULL)
);

CREATE TABLE order_lines (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0),
    price NUMERIC(10,2) NOT NULL CHECK (price >= 0)
);

-- What the layout sorts and filters by.
-- Texts are sorted without regard to case, dates among them, so the index is made that way.
CREATE INDEX orders_by_placed ON orders (placed COLLATE NOCASE);
CREATE INDEX orders_by_status ON orders (status, placed);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX order_lines_by_order ON order_lines (order_id);
CREATE INDEX order_lines_by_product ON order_lines (product_id);
CREATE INDEX products_by_category ON products (category_id);
CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE);

-- An order's total is always the sum of its lines.
CREATE TRIGGER order_lines_inserted AFTER INSERT ON order_lines BEGIN
    UPDATE orders SET total = (SELECT round(coalesce(sum(quantity * price), 0), 2) FROM order_lines WHERE order_id = orders.id)
    WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_lines_updated AFTER UPDATE OF order_id, quantity, price ON order_lines BEGIN
    UPDATE orders SET total = (SELECT round(coalesce(sum(quantity * price), 0), 2) FROM order_lines WHERE order_id = orders.id)
    WHERE id IN (OLD.order_id, NEW.order_id);
END;

CREATE TRIGGER order_lines_deleted AFTER DELETE ON order_lines BEGIN
    UPDATE orders SET total = (SELECT round(coalesce(sum(quantity * price), 0), 2) FROM order_lines WHERE order_id = orders.id)
    WHERE id = OLD.order_id;
END;
