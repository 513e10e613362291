"""``python -m formlos`` is the command ``formlos``."""

from formlos.config.cli import app

app()
