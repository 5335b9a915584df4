CREATE TABLE t (id INT);
/* and the rest
DROP TABLE old;
