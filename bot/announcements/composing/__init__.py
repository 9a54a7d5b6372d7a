"""What is composed: whether it can go out as it is, whose fields it holds, and the mail that one person gets."""
