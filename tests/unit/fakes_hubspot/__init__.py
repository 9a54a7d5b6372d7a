"""What the fake HubSpot takes, refuses and answers."""
