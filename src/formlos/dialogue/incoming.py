"""Files on their way in are counted by where they come from, besides the count of each case."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from formlos.base.limits import Limit, TooMany, client_address
from formlos.cases.attachments import FileRefused

FILES_OF_AN_ADDRESS = Limit("file of an address", most=100, within=timedelta(hours=1))
"""Libraries and families share addresses, so that it is no lower. At the counter staff hand in, who are known."""


def count_file(request: HttpRequest) -> None:
    """Count a file of who sends the request. Raises ``FileRefused``; outside a transaction refused ones count, too."""
    try:
        FILES_OF_AN_ADDRESS.count(client_address(request))
    except TooMany as error:
        raise FileRefused("files_from_here", retry_after=error.retry_after) from error
