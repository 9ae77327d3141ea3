# `make` lists the targets. A fresh clone needs no other step: each target sets up what it uses.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH := $(VENV)/.bench

.DEFAULT_GOAL := help
.PHONY: help setup demo reproduce test test-alone check bench wheel clean system chromium postgresql

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## Make .venv with everything that running, testing and checking needs

demo: $(STAMP) ## Run the quickstart study and print its leaderboard
	@$(BIN)/archsearch run studies/quickstart.yaml

reproduce: $(BENCH) ## Run the study of textbook cells, an hour on two cores, or go on with it; write its report
	@$(BIN)/archsearch run studies/which_variant.yaml
	@$(BIN)/python -m benchmarks.variants

test: $(STAMP) chromium postgresql ## Run the tests; ARGS="-k lstm" is passed on to pytest
	@$(BIN)/python -m pytest $(ARGS)

test-alone: $(STAMP) chromium postgresql ## Run each file of tests by itself, two at a time, and name those that fail
	@find tests -name 'test_*.py' | sort | xargs -P 2 -I FILE sh -c \
	    'output=$$($(BIN)/python -m pytest -n 0 -p no:cacheprovider FILE 2>&1) || { echo "$$output"; echo "Fails alone: FILE"; false; }'

check: $(STAMP) ## Check format, lint, types and the layers of imports
	@failed=; \
	$(BIN)/ruff format --check --quiet || failed="$$failed format"; \
	$(BIN)/ruff check --quiet || failed="$$failed lint"; \
	$(BIN)/mypy || failed="$$failed types"; \
	$(BIN)/lint-imports --no-logo || failed="$$failed layers"; \
	[ -z "$$failed" ] || { echo "Failed:$$failed"; exit 1; }

bench: $(BENCH) chromium ## Measure speed, memory and a search; ARGS=--quick for four minutes, ARGS=--write for docs/benchmarks.md
	@$(BIN)/python -m benchmarks.step $(ARGS)
	@$(BIN)/python -m benchmarks.cells $(ARGS)
	@$(BIN)/python -m benchmarks.search $(ARGS)
	@$(BIN)/python -m benchmarks.agreement $(ARGS)
	@$(BIN)/python -m benchmarks.batches $(ARGS)
	@$(BIN)/python -m benchmarks.boards $(ARGS)
	@$(BIN)/python -m benchmarks.pages $(ARGS)
	@$(BIN)/python -m benchmarks.load $(ARGS)

wheel: $(STAMP) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m hatchling build

clean: ## Remove what the tools leave behind; .venv stays
	@rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find archsearch tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp lies inside the environment: removing .venv is all that a new start takes.
$(STAMP): pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory system
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the packages of constraints.txt into $(VENV); the first time takes a minute or more."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt hatchling
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@

$(BENCH): $(STAMP)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[bench]'
	@touch $@

# Python with venv, and a C compiler with its headers. Missing ones are installed where that is possible: as root,
# with apt-get. Nothing happens, and nothing is printed, where all of them are there.
system:
	@missing() { \
	    $(PYTHON) -c 'import ensurepip, venv' >/dev/null 2>&1 || printf ' %s' python3 python3-venv; \
	    echo '#include <math.h>' | cc -xc -fsyntax-only - >/dev/null 2>&1 || printf ' %s' gcc libc6-dev; \
	}; \
	packages=$$(missing); \
	if [ -n "$$packages" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing the missing system packages:$$packages"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends $$packages >/dev/null || exit 1; \
	    packages=$$(missing); \
	fi; \
	if [ -n "$$packages" ]; then \
	    echo "Missing:$$packages. As root on Debian: apt-get install$$packages" >&2; \
	    echo "Another Python is named with: make PYTHON=python3.12" >&2; exit 1; \
	fi; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "$(PYTHON) is older than 3.11; name a newer one: make PYTHON=python3.11" >&2; exit 1; }

# For the tests of the pages, installed as above where it is missing. Without it (ARCHSEARCH_CHROMIUM names another one)
# these tests are left out, and say so.
chromium:
	@found() { command -v "$${ARCHSEARCH_CHROMIUM:-chromium}" >/dev/null; }; \
	if ! found && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing the missing system packages: chromium fonts-dejavu-core"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	fi; \
	found || echo "No chromium: the tests in a browser are left out. As root on Debian: apt-get install chromium" >&2

# For the tests of the store on PostgreSQL, which start a server of their own. Without it they are left out, and say so;
# where the variable CI is set, they fail.
postgresql:
	@found() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }; \
	if ! found && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing the missing system packages: postgresql"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql >/dev/null; \
	fi; \
	found || echo "No PostgreSQL: the tests on it are left out. As root on Debian: apt-get install postgresql" >&2
