"""The jobs: read, handle, deliver, and the house-keeping that the clock asks for."""
