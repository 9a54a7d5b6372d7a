"""What the vendor owes its partners, from posting lines to paid statements: the work that money asks for."""
