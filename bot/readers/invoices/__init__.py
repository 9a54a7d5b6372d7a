"""Invoices of partners: the text of a PDF, read in a process that can be killed, and what it says."""
