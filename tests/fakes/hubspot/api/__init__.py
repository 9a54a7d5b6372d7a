"""The paths of HubSpot's API."""
