INSERT INTO department (name) SELECT DISTINCT department_name FROM employee ORDER BY 1;
UPDATE employee
SET department_id = (SELECT department_id FROM department WHERE name = department_name);
