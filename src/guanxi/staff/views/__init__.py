"""Pages of staff, one file per resource. Each reads the request, asks for the right, makes one call, and answers."""
