"""What people see: translate in, one query or operation, translate out. Portals do not know each other."""
