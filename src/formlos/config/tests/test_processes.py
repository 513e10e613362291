import httpx
import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from formlos.config import processes


@pytest.mark.parametrize("role", ["web", "exchange"])
def test_a_server_answers_and_stops_in_good_order(database, tmp_path, role):
    address = processes.free_address()
    settings = {f"FORMLOS_{role.upper()}_BIND": address, f"FORMLOS_{role.upper()}_WORKERS": "1"}
    with processes.running(role, environment=database.environment | settings, log=tmp_path / "log") as process:
        answer = httpx.get(f"http://{address}/health", headers={"Host": "localhost"})
        assert answer.status_code == 200, (tmp_path / "log").read_text()
    assert process.returncode == 0


def test_web_and_exchange_serve_different_addresses(database, tmp_path):
    address = processes.free_address()
    settings = {"FORMLOS_WEB_BIND": address, "FORMLOS_WEB_WORKERS": "1"}
    with processes.running("web", environment=database.environment | settings, log=tmp_path / "log"):
        assert httpx.post(f"http://{address}/exchange/08111000").status_code == 404


def test_a_server_that_cannot_start_says_why(database, tmp_path):
    settings = {"FORMLOS_WEB_BIND": "127.0.0.1:80000"}
    with (
        pytest.raises(processes.ProcessFailed, match="FORMLOS_WEB_BIND must be HOST:PORT"),
        processes.running("web", environment=database.environment | settings, log=tmp_path / "log"),
    ):
        pass


def test_a_worker_takes_jobs_and_stops_in_good_order(database, tmp_path, eventually):
    app.configure_task("base.retry_stalled").defer(timestamp=0)
    settings = {"FORMLOS_HEARTBEAT_SECONDS": "0.5", "FORMLOS_STALLED_SECONDS": "1"}
    with processes.running("worker", environment=database.environment | settings, log=tmp_path / "log") as process:
        eventually(lambda: ProcrastinateWorker.objects.exists())
        eventually(lambda: not app.job_manager.list_jobs(task="base.retry_stalled", status="todo"))
    assert process.returncode == 0, (tmp_path / "log").read_text()
