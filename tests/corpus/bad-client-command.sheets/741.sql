CREATE TABLE t (id INT);
\connect other
DROP TABLE t;
