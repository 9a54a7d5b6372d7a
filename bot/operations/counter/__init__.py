"""What the managers' counter in Slack works with: forms that are open, announcements, cases, reports and orders."""
