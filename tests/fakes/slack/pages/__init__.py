"""Pages to try this Slack by hand: write as anybody, press what the app posted, fill in its forms, see its calls."""
