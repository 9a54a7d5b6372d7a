"""What comes after an announcement has gone out: reminders, sign-up lists and reports."""
