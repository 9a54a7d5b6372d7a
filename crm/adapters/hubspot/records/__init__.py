"""Records of ours in HubSpot's objects: found, read, written under their locks, each with its lines."""
