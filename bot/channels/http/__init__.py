"""The public HTTP application and the server that runs it beside everything else in one event loop."""
