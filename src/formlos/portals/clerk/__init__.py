"""The pages of people who work for a municipality. Signing in and who may see what; their work comes with its pages."""
