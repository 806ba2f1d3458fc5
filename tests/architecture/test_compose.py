"""docker-compose.yml is valid, publishes only the proxy, and starts nothing without its secrets. It is not run here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
COMPOSE = CHECKOUT / "docker-compose.yml"
SECRETS = ("POSTGRES_PASSWORD", "SECRET_KEY", "DATA_KEY_RING", "INDEX_KEY")
APPLICATION = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def check_against_schema(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_file_follows_the_compose_specification(tmp_path: Path) -> None:
    answer = check_against_schema(COMPOSE)
    assert answer.returncode == 0, answer.stdout

    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text().replace("restart: unless-stopped", "restarts: unless-stopped", 1))
    assert check_against_schema(wrong).returncode != 0


def test_only_the_proxy_is_published(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in services.items() if service.get("network_mode")] == []


def test_database_and_queue_have_no_way_out(services: dict[str, dict[str, Any]]) -> None:
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]

    assert networks["inside"] == {"internal": True}
    assert services["db"]["networks"] == services["redis"]["networks"] == ["inside"]


def test_every_secret_is_required_and_none_has_a_value(services: dict[str, dict[str, Any]]) -> None:
    text = COMPOSE.read_text()
    used = re.findall(rf"\$\{{({'|'.join(SECRETS)})([^}}]*)\}}", text)

    assert {name for name, _rest in used} == set(SECRETS)
    assert [name for name, rest in used if not rest.startswith(":?")] == []
    for name in APPLICATION:
        assert {"DATABASE_URL", "REDIS_URL", *SECRETS[1:]} <= services[name]["environment"].keys(), name


def test_one_image_with_few_rights_runs_the_application(services: dict[str, dict[str, Any]]) -> None:
    for name in APPLICATION:
        service = services[name]
        assert service["image"] == services["web"]["image"]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["init"] is True
    dockerfile = (CHECKOUT / services["web"]["build"]["dockerfile"]).read_text()
    assert "\nUSER app\n" in dockerfile
    assert "--require-hashes" in dockerfile


def test_application_waits_for_the_migration(services: dict[str, dict[str, Any]]) -> None:
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["db"] == waits["redis"] == {"condition": "service_healthy"}
    assert "migrate" not in services["migrate"]["depends_on"]


def test_known_traps(services: dict[str, dict[str, Any]]) -> None:
    # from version 18 on the image keeps its data one folder higher than before
    assert services["db"]["volumes"] == ["database:/var/lib/postgresql"]
    assert "--locale=C.UTF-8" in services["db"]["environment"]["POSTGRES_INITDB_ARGS"]
    # a queue that makes room loses tasks
    assert services["redis"]["command"][-2:] == ["--maxmemory-policy", "noeviction"]
    assert "log_min_error_statement=panic" in services["db"]["command"]
    # a dollar sign in inline text is doubled, or compose puts its own value in
    caddyfile = yaml.safe_load(COMPOSE.read_text())["configs"]["caddyfile"]["content"]
    assert caddyfile.startswith("{$$SITE_ADDRESS} {")
