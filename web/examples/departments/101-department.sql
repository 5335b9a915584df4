-- Departments were a word in each employee's row; now they are rows of their own.
CREATE TABLE department (
  department_id INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE
);
ALTER TABLE employee ADD COLUMN department_id INTEGER REFERENCES department (department_id);
