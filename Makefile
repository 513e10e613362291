# Works from a fresh clone with nothing but python3 and pip; every target does its own set-up. See CONTRIBUTING.md.
PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
READY := .venv/.ready
COMPILE := $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11

# Compiled files are kept whatever the surroundings say: without, each process of a node compiles all that it imports.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test check format docs bench lock upgrade clean

help:
	@echo "make demo      a family moves from Munich to Stuttgart (ARGS=\"--exit\" ends by itself, \"--lan\" lets phones join)"
	@echo "make test      every test (ARGS=\"-k name\" picks)"
	@echo "make check     style, types, import contracts, house tests"
	@echo "make format    put the code into the common format"
	@echo "make docs      renew the tables of docs/settings.md and docs/commands.md"
	@echo "make bench     measure; writes docs/benchmarks.md"
	@echo "make lock      renew the hash locks after a change of requirements/*.in (make upgrade: newest versions)"
	@echo "make clean     remove what make made; the home folder var/ stays"

demo: $(READY)
	@$(BIN)/formlos demo $(ARGS)

test: check
	@scripts/system-packages
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_house.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)
	$(BIN)/python -m formlos.config.reference

bench: $(READY)
	$(BIN)/formlos bench $(ARGS)

lock: $(UV)
	$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.lock
	$(COMPILE) requirements/app.in -o requirements/app.lock
	$(COMPILE) requirements/dev.in -c requirements/app.lock -o requirements/dev.lock

upgrade: COMPILE += --upgrade
upgrade: lock

clean:
	rm -rf .venv .uv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build src/formlos.egg-info
	find src services tests -name __pycache__ -prune -exec rm -rf {} +

$(READY): requirements/dev.lock pyproject.toml $(UV)
	@scripts/environment $(UV) .venv
	@touch $@

$(UV): requirements/bootstrap.lock
	@scripts/bootstrap $(PYTHON) .uv
	@touch $@
