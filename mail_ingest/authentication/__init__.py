"""Our own check of who sent a mail, for when no mail server in front does it: SPF, DKIM, DMARC and ARC, over DNS."""
