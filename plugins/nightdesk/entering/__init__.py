"""What people enter between two nights: rows of contract tables, and decisions about what the newest night shows."""
