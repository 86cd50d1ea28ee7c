# `make` alone lists the targets. Each sets up what it needs, from PyPI alone.

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo local test test-fast check format format-check lint types layers template locked lock openapi secrets audit licences sbom bench clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## Only the set-up: .venv with everything, the `ai-marketplace` command in it

.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/uv || { echo "Making .venv with $$($(PYTHON) --version) …" && \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); } || \
	  { echo "No virtual environment could be made: is your Python's venv module installed (Debian: python3-venv)?"; exit 1; }
	@echo "Installing what uv.lock says …"
	@VIRTUAL_ENV= $(BIN)/uv sync --frozen --quiet
	@touch $@

demo: setup ## A recorded day of WhatsApp traffic through the real functions, and an account of what happened
	@$(BIN)/ai-marketplace demo

local: setup ## The same stack, kept running: phone, webhook, Graph API, local AWS
	@$(BIN)/ai-marketplace local up

# What runs inside one process goes to all cores, class by class (all of them see sets in one order); the local stack and
# the browser are there once.
test: setup ## Every test: fast ones first, then the real template on the local AWS
ifdef TESTS
	@$(BIN)/pytest $(TESTS)
else
	@.ci/tests $(BIN)
endif

test-fast: setup ## Unit and integration tests alone
	@$(BIN)/pytest tests/unit tests/integration

check: setup format-check lint types layers template locked licences secrets audit test ## What CI runs: every check, then the tests

format: setup ## Rewrites the code in the one format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only --quiet .

format-check: setup
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run \`make format\`"; exit 1; }

lint: setup
	@$(BIN)/ruff check .

types: setup
	@$(BIN)/mypy

layers: setup
	@$(BIN)/lint-imports

template: setup
	@$(BIN)/cfn-lint template.yaml && echo "template.yaml: no findings"

# What the functions run (layers/*/requirements.txt) is what uv.lock says, and the lock is what pyproject.toml asks for.
EXPORT := $(BIN)/uv export --frozen --no-emit-project --no-header --quiet
LAYERS := runtime search console

locked: setup
	@$(BIN)/uv lock --check --quiet || { echo "uv.lock is behind pyproject.toml: run \`make lock\`"; exit 1; }
	@for layer in $(LAYERS); do $(EXPORT) --only-group $$layer | diff -q - layers/$$layer/requirements.txt >/dev/null || \
	  { echo "the functions' requirements are behind uv.lock: run \`make lock\`"; exit 1; }; done

lock: setup ## Brings uv.lock and the functions' requirements up to pyproject.toml
	@$(BIN)/uv lock
	@for layer in $(LAYERS); do $(EXPORT) --only-group $$layer > layers/$$layer/requirements.txt; done

openapi: setup ## Writes docs/openapi.json, the description of the API
	@cd src && ../$(BIN)/python -m handlers.api.openapi > ../docs/openapi.json

secrets: setup
	@.ci/secrets

audit: setup
	@.ci/audit

licences: setup
	@$(BIN)/python -m ops.sbom

sbom: setup ## What is deployed and under which licences: dist/sbom.cdx.json (CycloneDX), dist/licences.md
	@$(BIN)/python -m ops.sbom dist

bench: setup ## The measurements of bench/, each beside its aim
	@VIRTUAL_ENV= $(BIN)/uv sync --frozen --quiet --group bench
	@command -v valgrind >/dev/null || apt-get install -y -qq valgrind >/dev/null || true # counts the instructions of cold starts
	@$(BIN)/python -m bench

clean: ## Stops the local stack and removes everything that make has made
	@test ! -x $(BIN)/ai-marketplace || $(BIN)/ai-marketplace local down
	rm -rf .venv .local .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
