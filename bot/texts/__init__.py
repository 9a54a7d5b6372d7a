"""The agent's words in five languages, a folder each and a file a topic, and how typed values become part of them.

Partners are addressed formally: Sie, vous, u, usted. `{name}` is a value, `{name:bullets}` and the like say how it is
written (`bot/texts/wording.py`).
"""
