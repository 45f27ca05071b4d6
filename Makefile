# Everything a person runs. Each target brings what it needs first, and does nothing twice.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base-installed
DEV := $(VENV)/.dev-installed
LIBRARIES := node_modules/.installed
CATALOGUES := $(wildcard src/guanxi/*/locale/*/LC_MESSAGES/*.po)
MESSAGES := $(VENV)/.messages-compiled
WORKERS ?= 2

.PHONY: help demo dev up test check format bench lock screenshots clean
.DEFAULT_GOAL := help

help:
	@echo "make demo         bring Guanxi up with demo customers; prints its address and how to sign in"
	@echo "make up           bring Guanxi up, empty"
	@echo "make dev          the same for developers: starts again when a file changes, shows errors in full"
	@echo "make test         run every test"
	@echo "make check        run every gate: style, types, layers, translations, migrations"
	@echo "make format       put the source in the house's style"
	@echo "make bench        measure speed and memory"
	@echo "make screenshots  take the pictures of the README anew"
	@echo "make lock         resolve the dependencies anew and lock them with hashes"
	@echo "make clean        remove what these targets made in this folder"

demo: $(BASE) $(LIBRARIES) $(MESSAGES)
	$(BIN)/guanxi demo

up: $(BASE) $(LIBRARIES) $(MESSAGES)
	$(BIN)/guanxi up

dev: $(DEV) $(LIBRARIES) $(MESSAGES)
	GUANXI_DEBUG=1 $(BIN)/guanxi up --reload

test: $(DEV) $(LIBRARIES) $(MESSAGES)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST)

check: $(DEV) $(LIBRARIES) $(MESSAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/messages.py --check
	@# Comparing models with migrations needs no database; it would only warn that there is none.
	DATABASE_URL=postgresql:///none?host=/nonexistent DJANGO_SETTINGS_MODULE=guanxi.config.settings \
		$(BIN)/python -W ignore -m django makemigrations --check --dry-run
	if [ -f scripts/map.py ]; then $(BIN)/python scripts/map.py --check; fi

format: $(DEV)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(DEV) $(LIBRARIES) $(MESSAGES)
	$(BIN)/python -m bench $(BENCH)

screenshots: $(DEV) $(LIBRARIES) $(MESSAGES)
	$(BIN)/python scripts/screenshots.py

lock: $(DEV)
	for name in base dev node; do \
		$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 \
			requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done
	npm install --package-lock-only --omit-lockfile-registry-resolved

clean:
	rm -rf $(VENV) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench scripts -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Guanxi needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BASE): requirements/base.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# The machine's Node when it is 18 or newer, else one from the Python registry inside .venv.
$(LIBRARIES): package-lock.json | $(BASE)
	@if node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null; then \
		npm ci --no-audit --no-fund --silent; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt && \
		PATH="$(abspath $(BIN)):$$PATH" $(BIN)/npm ci --no-audit --no-fund --silent; \
	fi
	@touch $@

$(MESSAGES): $(CATALOGUES) scripts/messages.py | $(BASE)
	$(BIN)/python scripts/messages.py --compile
	@touch $@
