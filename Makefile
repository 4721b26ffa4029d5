# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: run test fast lint format bench help clean

run: $(VENV)/.run ## set up if needed and serve the dashboard on http://127.0.0.1:8501
	$(BIN)/streamlit run app.py

test: $(VENV)/.browser ## set up if needed and run all tests, those in a real browser too
	$(BIN)/python -m pytest

fast: $(VENV)/.dev ## run the tests of core alone, in under 90 seconds
	$(BIN)/python -m pytest tests/core -m "not cluster"

lint: $(VENV)/.dev ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## put the code into the house's format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.browser ## measure speed as ratios against peers, one table a benchmark
	$(BIN)/python -m tests.bench

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Vitrine needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -c "from core import engines; engines.warm()"  # else the first server would
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $(VENV)/.run $@

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python -m tests.browser.chromium
	@touch $@
