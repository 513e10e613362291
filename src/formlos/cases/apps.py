from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "formlos.cases"

    def ready(self) -> None:
        from formlos.cases import correspondence, linking

        correspondence.register()
        linking.register()
