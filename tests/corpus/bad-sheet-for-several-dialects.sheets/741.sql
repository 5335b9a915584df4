INSERT INTO t VALUES (1); # ids; and more
