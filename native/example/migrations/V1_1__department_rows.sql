INSERT INTO department (name) VALUES ('research'), ('sales');
