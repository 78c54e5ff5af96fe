"""Who asks: passes in a signed cookie, their limits, their files, their forms, and the password."""
