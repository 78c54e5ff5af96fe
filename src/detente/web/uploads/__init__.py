"""What visitors bring: event files, which are imported, and arguments, which are drafted and checked."""
