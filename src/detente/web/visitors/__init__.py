"""Who asks: sessions in a signed cookie, their limits, their files, their forms, and the password."""
