"""Reads a service folder: one module per file of the folder, joined to one document."""

from formlos.law.service.folder import load_service

__all__ = ["load_service"]
