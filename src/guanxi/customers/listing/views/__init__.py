"""Pages of the list."""
