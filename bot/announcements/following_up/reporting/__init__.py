"""What became of an announcement: counted, in words, for a spreadsheet, as a picture, and sent to who announced it."""
