"""Settings → Web sites: which sites carry the tracking snippet, and what they may tell."""
