from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "formlos.feedback"
    default_auto_field = "django.db.models.BigAutoField"
