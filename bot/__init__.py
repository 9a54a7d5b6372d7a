"""The agent: the pipeline and its steps, intents, readers, channels, storage, worker, clock and command line."""

import os

# The reader multiplies small tables. Threads of the linear algebra would only wait for each other, at twice the
# processor time, on cores that other messages need. It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
