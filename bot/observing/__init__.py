"""What whoever keeps the bot running can see of it: logs, figures and health. Knows nobody else in the house."""
