"""Three-valued evaluation: rule trees become Python closures once, and run on what is known."""
