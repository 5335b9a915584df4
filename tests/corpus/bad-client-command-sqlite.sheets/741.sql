.shell rm -rf data
CREATE TABLE t (id INT);
