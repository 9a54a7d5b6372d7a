"""Documents that people keep: statements as PDF, CSV and JSON, plans as pages, charts as pictures."""
