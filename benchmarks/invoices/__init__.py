"""Invoices made for measuring how well they are read: many layouts, five languages, and what each really says."""
