"""What changed in HubSpot: told by its events, found by polling, and looked over in slow rounds."""
