"""The page for people: what the account holds, as HubSpot would show it, to look at and to edit."""
