"""Everything the agent keeps in PostgreSQL: the tables, their migrations, and one module for each kind of row."""
