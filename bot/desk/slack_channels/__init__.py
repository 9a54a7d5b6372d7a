"""Partners' Slack channels as managers see them: asked about, mapped, watched, paused and resumed."""
