CREATE TABLE department (
  name TEXT PRIMARY KEY,
  budget INTEGER NOT NULL DEFAULT ${default_budget}
);
