# exotherm: `make demo` shows the business, `make test` proves it, `make check` keeps the house.
#
# Only Python 3.11 to 3.13 and make are needed; everything else is installed into .venv from the
# pinned requirements, each with its hash.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8099
OUT ?= demo
# The tests start the program again and again: what is compiled once is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check docs bench lock clean

help:
	@echo "make demo    the whole chain on an example site, then its pages on http://127.0.0.1:$(PORT)"
	@echo "make test    every test; installs the programs that tests drive (Chromium, Mosquitto, LibreOffice, PostgreSQL) where it may"
	@echo "make check   format, lint, types, floors, fresh documentation"
	@echo "make docs    write the generated parts of the documentation and the schemas anew"
	@echo "make bench   measured ratios against peers and bounds"
	@echo "make lock    resolve the pinned requirements anew"

demo: .venv/run
	$(BIN)/exotherm demo --out $(OUT) --port $(PORT)

test: .venv/dev
	@tools/ensure-programs
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/write_docs.py --check

docs: .venv/dev
	$(BIN)/python tools/write_docs.py

bench: .venv/dev
	$(BIN)/python bench/year.py
	$(BIN)/python bench/dispatch.py
	$(BIN)/python bench/risk.py
	$(BIN)/python bench/mbus.py --damaged 1000000
	$(BIN)/python bench/store.py

lock: .venv/dev
	tools/lock

clean:
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/base:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "exotherm needs Python 3.11 to 3.13; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing into .venv; this takes a minute or two the first time." >&2
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/base requirements/build.txt requirements/run.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
