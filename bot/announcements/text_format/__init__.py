"""An announcement as a text that people write: head lines, `# Subject`, Markdown, and a `[de]` block per language."""
