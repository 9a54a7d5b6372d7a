"""Mail: parsed mails into neutral messages, answers and announcements into mails, and the relay that takes them."""
