"""The agent: the pipeline and its steps, intents, readers, channels, storage, worker, clock and command line."""
