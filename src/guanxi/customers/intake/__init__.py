"""How programs and web pages tell Guanxi what customers do: `POST /v1/events` and `POST /v1/track`.

Both are answered only after the commit, and many requests are committed together.
"""
