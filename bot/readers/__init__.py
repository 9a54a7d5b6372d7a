"""How text becomes requests: the built-in reader, and one that asks a language model."""
