"""The steps of the pipeline, one module each; they do not know each other."""
