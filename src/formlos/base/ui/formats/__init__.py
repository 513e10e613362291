"""How days read in languages where Django's own formats do not fit: English pages are read in Europe."""
