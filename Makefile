# make demo, make test: all that a fresh machine needs is Python 3.11-3.13 with venv, and make.
SHELL := /bin/sh
BIN := .venv/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done)
UV := $(BIN)/uv --no-progress
# a bank's proxy signs with the bank's own authority: pip trusts the system's, and so does uv
export UV_SYSTEM_CERTS ?= true
SQL := $(wildcard sql)
# three processes on two cores: a quarter of the time each waits for a server of its own
PYTEST = $(BIN)/python -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )) --dist loadfile --no-loadscope-reorder

.PHONY: help setup demo up test test-nights test-long axe bench chaos lint format docs lock secrets clean distclean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready ## .venv from the hash-pinned lock (done by itself before every other target)

.venv/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "nightdesk: no Python 3.11, 3.12 or 3.13 with venv was found. Install one (Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=.venv $(UV) pip install --require-hashes --compile-bytecode -r requirements.lock
	VIRTUAL_ENV=.venv $(UV) pip install --offline --no-deps -e .
	touch $@

demo: setup ## a demo bank, its two latest nights through the real DAG, and where the lists are
	$(BIN)/nightdesk demo

up: setup ## Airflow with every service and a mail catcher; Ctrl-C stops it
	$(BIN)/nightdesk up

test: setup ## the tests that everybody runs: no whole night but the two that all of them share
	$(PYTEST) -m "not night and not long"

test-nights: setup ## the tests that have a whole night of their own
	$(PYTEST) -m "night and not long"

test-long: setup ## the rest, for a quiet night: many whole nights and random histories, each column lost in turn, every SQL case on Spark
	$(PYTEST) -m long

axe: setup ## axe-core from npm on the pages of reviews, in headless Chromium
	npm install --prefix . --no-save --no-audit --no-fund --ignore-scripts axe-core@4.14.1
	$(BIN)/python -m pytest -n 0 tests/render/test_axe.py tests/demo_bank/test_esg_pages.py -k axe

bench: setup ## the night beside plain pandas: make bench ARGS="--clients 200000"
	$(BIN)/nightdesk bench $(ARGS)

chaos: setup ## a night killed at its writes and run again: make chaos ARGS="--full"
	$(BIN)/nightdesk chaos $(ARGS)

lint: setup ## style, SQL style, types, lock and generated documents
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(if $(SQL),$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql)
	$(BIN)/mypy
	$(BIN)/python -m nightdesk.upkeep.lock
	$(BIN)/python -m nightdesk.orchestration.docs --check
	$(BIN)/python -m nightdesk.upkeep.glossary --check
	$(BIN)/python -m nightdesk.upkeep.lineage_page --check
	$(BIN)/python -m nightdesk.upkeep.rulebook_page --check

format: setup ## put code and SQL into the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(if $(SQL),$(BIN)/sqlfluff fix --disable-progress-bar sql)

docs: setup ## write the generated documents
	$(BIN)/python -m nightdesk.orchestration.docs
	$(BIN)/python -m nightdesk.upkeep.glossary
	$(BIN)/python -m nightdesk.upkeep.lineage_page
	$(BIN)/python -m nightdesk.upkeep.rulebook_page

lock: setup ## resolve again: requirements.lock, and of it what the image needs, from pyproject.toml (asks the package index)
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --all-extras --no-annotate --custom-compile-command "make lock" -q -o requirements.lock pyproject.toml
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -c requirements.lock --no-annotate --custom-compile-command "make lock" -q -o requirements-image.lock pyproject.toml

secrets: setup ## the secrets of docker-compose.yaml as files, made once
	$(BIN)/python -m nightdesk.upkeep.container_secrets

clean: ## stop the embedded server and remove what runs have written
	if test -x $(BIN)/nightdesk; then $(BIN)/nightdesk pg stop --delete-data; fi
	rm -rf var .hypothesis .mypy_cache .pytest_cache .ruff_cache

distclean: clean ## and the environment
	rm -rf .venv
