"""Who wrote in Slack, for whom they speak, and who reads along."""
