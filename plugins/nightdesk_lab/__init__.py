"""The laboratory: banks to try Nightdesk on, and what measures and breaks it. It imports the product, never the other
way round."""
