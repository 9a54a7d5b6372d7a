"""The HubSpot account itself: what is known of it, its pipelines and labels, and what all parts share."""
