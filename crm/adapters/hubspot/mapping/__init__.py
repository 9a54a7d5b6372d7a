"""Fields of our records to HubSpot's properties and back."""
