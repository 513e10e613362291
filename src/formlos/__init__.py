"""Formlos: an application that needs no form. A person says what happened; the city does the rest."""
