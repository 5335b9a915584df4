ALTER TABLE department ADD (manager VARCHAR2(100));
