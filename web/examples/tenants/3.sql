ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;

CREATE INDEX orders_by_currency ON orders (currency);
