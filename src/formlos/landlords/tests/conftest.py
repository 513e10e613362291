"""Stuttgart with its services and its demonstration street, as the tests of cases have it."""

from formlos.cases.tests.conftest import elsewhere, founded, here

__all__ = ["elsewhere", "founded", "here"]
