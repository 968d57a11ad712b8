"""The staff console: pages for whoever answers, made on the server, better with a script.

It knows no matching and no channel: what it needs of them is handed in (`bot.console.house`).
"""
