"""What `nightdesk explain` prints, a job a module: each part is given what was found and writes its lines."""
