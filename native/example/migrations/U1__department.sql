DROP TABLE department;
