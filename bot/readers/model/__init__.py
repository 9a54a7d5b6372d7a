"""A language model as a reader: it proposes requests, which are checked against the text before they count."""
