"""Appointments at an office's counters: opening hours, free times, bookings. Blind to what an appointment is about."""
