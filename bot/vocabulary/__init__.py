"""The words every part of the agent shares; holds values only and knows no part."""
