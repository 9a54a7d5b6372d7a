"""Languages that an announcement lacks: proposed by a model, held against the original, approved by a person."""
