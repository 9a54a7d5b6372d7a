"""The mail side as a library: SMTP edge, parsing, reply text, automatic mail, sender proof, limits."""
