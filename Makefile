# Two commands are enough: `make run` to see it work, `make test` to know that it does.
PYTHON ?= python3
VENV := .venv
INSTALLED := $(VENV)/installed

.PHONY: run test lint format

run: $(INSTALLED)
	@$(VENV)/bin/python -m config.development

test: $(INSTALLED)
	@$(VENV)/bin/python -m pytest -n 2

lint: $(INSTALLED)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .

format: $(INSTALLED)
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

$(INSTALLED): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing what the project needs ..."
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(INSTALLED)
