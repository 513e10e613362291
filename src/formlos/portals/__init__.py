"""What people see: translate in, one query or operation, translate out. Portals know the rooms below, not each other."""
