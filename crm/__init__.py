"""The CRM as Partnerline sees it: records, money, one port, and the adapters behind it."""
