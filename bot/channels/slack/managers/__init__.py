"""The managers' side of Slack: their command, forms, shortcut and Home tab. Nothing of it is a partner's."""
