"""What questions teach: how sure is sure, and what an edit of the knowledge changes."""
