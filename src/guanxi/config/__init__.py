"""Settings, root urls, the front door and the command line: imports everything, imported by nobody."""
