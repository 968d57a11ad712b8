"""From a question to an `Advice`: pure, deterministic, no I/O but reading the knowledge folder.

Nothing here knows Telegram, databases or clocks: what day it is comes in as an argument.
"""
