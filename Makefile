# Two commands matter: `make run` and `make test`. Both set everything up from nothing.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PY ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
DATA ?= data
FACTS := fixtures/authorities.jsonl fixtures/curated.jsonl
TESTS ?= tests
WORKERS ?= auto

.PHONY: help run test check lock tools clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/ready ## Serve the directory with the real facts on http://127.0.0.1:8000
	@# An empty data folder is filled; one that an interrupted first run left half filled is completed.
	@[ -e $(DATA)/directory.sqlite3 ] || { mkdir -p $(DATA) && touch $(DATA)/.filling && $(BIN)/directory init --data $(DATA); }
	@[ ! -e $(DATA)/.filling ] || { $(BIN)/directory import $(FACTS) --data $(DATA) && rm $(DATA)/.filling; }
	@$(BIN)/directory serve --data $(DATA)

test: .venv/ready-dev tools check ## Set everything up and pass every check, browser included
	$(BIN)/python -m pytest -q -n $(WORKERS) $(TESTS)

check: .venv/ready-dev ## Formatting, lint, types, import arrows, lock files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy directory tests
	$(BIN)/lint-imports
	@! grep -nE 'https?://' requirements.txt requirements-dev.txt || { echo "A lock file names a registry host: run make lock."; exit 1; }

tools: ## Find what the tests need beside Python (Chromium, Go), or install Debian's
	@tests/tools.sh

lock: .venv/ready-dev ## Resolve the dependencies anew into hashed requirements
	$(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -o requirements-dev.txt

clean: ## Remove the environment and caches, never the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say where with make PY=/path/to/python3.11"; exit 2; }
	$(PY) -m venv .venv
	@touch $@

.venv/ready: requirements.txt pyproject.toml | .venv/python
	@[ -e .venv/ready-dev ] || { echo "Setting up .venv (once, under a minute)"; $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.txt pyproject.toml | .venv/python
	@echo "Setting up .venv with everything the checks need (once, under two minutes)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/ready
