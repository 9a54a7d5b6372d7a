"""CRM adapters; they do not know each other."""
