"""The agent's words in five languages, and how typed values become part of them."""
