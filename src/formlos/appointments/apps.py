from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "formlos.appointments"
    default_auto_field = "django.db.models.BigAutoField"
