ATTACH 'other.db' AS other;
PRAGMA writable_schema = ON;
CREATE TABLE t (a);
PRAGMA foreign_keys = OFF;
VACUUM INTO 'copy.db';
VACUUM;
ROLLBACK;
