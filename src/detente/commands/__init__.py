"""The commands that need a file of their own; `detente.cli` puts them together."""
