"""The partner program as data: products, tiers, rules, plans and pages; tier progress, commission and retrieval."""
