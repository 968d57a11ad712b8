"""The whole conversation in a terminal: buttons are numbers, links are written out."""
