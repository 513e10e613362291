import pytest

from formlos.config.environment import PROJECT, SETTINGS, SettingsRefused, read_environment


def test_defaults_work_on_a_fresh_clone():
    environment = read_environment({})
    assert environment.embedded
    assert environment["FORMLOS_SERVICES"] == PROJECT / "services"


def test_all_problems_are_said_at_once_with_what_to_write_instead():
    given = {"FORMLOS_ROLE": "clerk", "FORMLOS_WEB_WORKERS": "0", "FORMLOS_WEB_BIND": "8000", "FORMLOS_PUBLIC_URL": "x"}
    with pytest.raises(SettingsRefused) as refused:
        read_environment(given)
    assert len(refused.value.problems) == 4
    for name in given:
        assert name in str(refused.value)
    assert "must be one of web, exchange, worker, idp, wallet (is 'clerk')" in str(refused.value)


def test_a_misspelt_setting_is_refused():
    with pytest.raises(SettingsRefused, match="FORMLOS_HOEM is not a setting"):
        read_environment({"FORMLOS_HOEM": "/srv/formlos"})


def test_a_wrong_database_address_is_refused_without_showing_its_password():
    with pytest.raises(SettingsRefused, match="DATABASE_URL must be an address") as refused:
        read_environment({"DATABASE_URL": "mysql://app:geheim@host/formlos"})
    assert "geheim" not in str(refused.value)


def test_the_owner_address_needs_the_other_one():
    with pytest.raises(SettingsRefused, match="set both or neither"):
        read_environment({"FORMLOS_OWNER_DATABASE_URL": "postgresql://owner@host/formlos"})


def test_workers_may_not_count_as_dead_between_two_heartbeats():
    with pytest.raises(SettingsRefused, match="twice FORMLOS_HEARTBEAT_SECONDS"):
        read_environment({"FORMLOS_HEARTBEAT_SECONDS": "10", "FORMLOS_STALLED_SECONDS": "15"})


def test_a_missing_services_folder_is_named(tmp_path):
    with pytest.raises(SettingsRefused, match="there is no folder"):
        read_environment({"FORMLOS_SERVICES": str(tmp_path / "law")})


def test_every_setting_says_what_it_means_in_one_sentence():
    for setting in SETTINGS:
        assert setting.meaning.endswith(".") or setting.meaning.endswith(")."), setting.name


@pytest.mark.parametrize("address", ["https://stadt.example", "https://192.0.2.7", "https://localhost.stadt.example"])
def test_a_demo_is_refused_on_a_public_address(address):
    with pytest.raises(SettingsRefused, match="FORMLOS_DEMO is 1 on a public https address"):
        read_environment({"FORMLOS_DEMO": "1", "FORMLOS_PUBLIC_URL": address})
    read_environment({"FORMLOS_DEMO": "0", "FORMLOS_PUBLIC_URL": address})


@pytest.mark.parametrize(
    "address", ["https://localhost:8443", "https://[::1]", "https://127.0.0.2", "http://stadt.example"]
)
def test_a_demo_runs_on_this_machine_and_without_https(address):
    assert read_environment({"FORMLOS_DEMO": "1", "FORMLOS_PUBLIC_URL": address})["FORMLOS_DEMO"]


@pytest.mark.parametrize(
    "given",
    [
        {"FORMLOS_FINDER_MODEL_URL": "http://modell.example/v1", "FORMLOS_FINDER_MODEL": "klein-1"},
        {"FORMLOS_FINDER_MODEL_URL": "https://modell.example/v1?x=1", "FORMLOS_FINDER_MODEL": "klein-1"},
        {"FORMLOS_FINDER_MODEL_URL": "https://modell.example/v1"},
        {"FORMLOS_FINDER_MODEL": "klein-1"},
        {"FORMLOS_FINDER_MODEL_KEY_FILE": "/nowhere/key"},
    ],
)
def test_a_language_model_that_cannot_work_or_would_hear_people_unencrypted_is_refused(given):
    with pytest.raises(SettingsRefused, match="FORMLOS_FINDER_MODEL"):
        read_environment(given)
