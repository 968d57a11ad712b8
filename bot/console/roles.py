"""Roles: each may do what the one before it may, and more."""

ROLES = ("viewer", "agent", "editor", "admin")


def allows(role: str, needed: str) -> bool:
    """Say whether `role` may do what `needed` may; an unknown role may nothing."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)
