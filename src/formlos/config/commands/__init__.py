"""The groups of commands. A group is a module with ``commands``, a typer app; heavy imports stay inside commands."""
