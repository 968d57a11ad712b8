"""What whoever keeps the bot running can see of it: logs, figures, health. Knows nobody in the house."""
