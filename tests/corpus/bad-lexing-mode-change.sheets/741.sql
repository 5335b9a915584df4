SET standard_conforming_strings = off;
INSERT INTO t VALUES ('a');
