"""An advisory assistant for small businesses: a question in, curated guides and services out.

Rooms, from the bottom up: `advice` and `store` know nobody; `conversation` uses `advice`;
`telegram` and `terminal` are the edges; `app` and `cli` put everything together.
"""
