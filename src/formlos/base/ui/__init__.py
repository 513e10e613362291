"""The look that all pages share: base templates, the KERN design system, fonts, error pages, language of values.

Owns no data. Pages extend ``ui/base.html``, which loads nothing from other hosts and no script.
"""
