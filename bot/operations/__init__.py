"""What the operator console shows and does, over the stored rows (implements `bot.channels.console.ports`)."""
