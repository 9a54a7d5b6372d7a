"""Who sent a mail, and what proves it: the verdict of a mail server in front, or our own SPF, DKIM, DMARC and ARC."""
