"""How well messages are understood: labelled cases, a reader's predictions on them, and scores."""
