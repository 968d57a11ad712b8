"""What the staff do with a case, on any channel: who may, who was first, and what follows."""
