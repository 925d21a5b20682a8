# SPDX-License-Identifier: Apache-2.0
# serve, test, check, bench, clean. Each makes the virtual environment that it needs, once.

PYTHON ?= python3
PYTEST ?= --numprocesses 2 --dist loadfile
VENV := .venv
FOR_CHECK := [test,check]
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE := 1
.DEFAULT_GOAL := help
.PHONY: help serve test check bench terms model clean

help:
	@echo "make serve   load the five records and answer on http://127.0.0.1:8000/"
	@echo "make test    run the tests"
	@echo "make check   linters, types, import contracts"
	@echo "make bench   measure, side by side with peers"
	@echo "make terms   write the term constants again from the ontology"
	@echo "make model   draw the diagram of the data model again"
	@echo "make clean   remove what the others made (not ./var, the data)"

# One stamp per set of dependencies; each is made again when pyproject.toml changes.
define ready
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Biên Niên needs Python 3.11 or newer: install it, or name it by PYTHON=…" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment: install its venv module (python3-venv)." >&2; exit 2; }
	@echo "Installing into $(VENV) (only when pyproject.toml has changed) …"
	@$(BIN)/python -m pip install --quiet --editable '.$(1)' || \
	  { echo "The dependencies could not be installed: see above; is a package index reachable?" >&2; exit 2; }
	@touch $@
endef

$(VENV)/.serve: pyproject.toml
	$(call ready,)

$(VENV)/.test: pyproject.toml
	$(call ready,[test])
	@touch $(VENV)/.serve

$(VENV)/.check: pyproject.toml
	$(call ready,$(FOR_CHECK))
	@touch $(VENV)/.serve $(VENV)/.test

$(VENV)/.bench: pyproject.toml
	$(call ready,[bench])
	@touch $(VENV)/.serve

serve: $(VENV)/.serve
	@$(BIN)/biennien load
	@exec $(BIN)/biennien serve

test: $(VENV)/.test
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/generate_terms.py --check
	@$(BIN)/python tools/draw_model.py --check

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks

terms: $(VENV)/.serve
	@$(BIN)/python tools/generate_terms.py

model: $(VENV)/.serve
	@$(BIN)/python tools/draw_model.py

clean:
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
