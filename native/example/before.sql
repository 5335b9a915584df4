-- Each of the three databases before the rollout.
CREATE TABLE employee (
  employee_id     INTEGER PRIMARY KEY,
  name            TEXT NOT NULL,
  department_name TEXT NOT NULL
);
INSERT INTO employee (name, department_name) VALUES
  ('Ada', 'Engineering'), ('Grace', 'Engineering'), ('Mary', 'Finance'), ('Rosa', 'People');
