# One word per chore; every word makes ready what it needs (`make setup`), the second time at once.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help setup setup-tests demo test soak lint bench lock clean

BIN := .venv/bin
ARGS ?=
TESTS ?=
# Three workers on two cores, because many tests wait for real processes; journeys stay together on one of them
# (tests/guards/surroundings.py).
JOBS ?= 3

help: ## show these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

setup: ## system libraries, Python packages and the project itself, into .venv
	@.setup/setup.sh

setup-tests:
	@.setup/setup.sh --tests

demo: setup ## a working operations centre on this machine; options: make demo ARGS="--for 60 --headless"
	@exec $(BIN)/bongsu demo $(ARGS)

test: setup-tests ## every test but the soaks; some of them: make test TESTS="tests/rules -k hysteresis"
	@QT_QPA_PLATFORM=offscreen exec $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(TESTS)

soak: setup-tests ## the tests that run for a long time, and only those
	@QT_QPA_PLATFORM=offscreen exec $(BIN)/python -m pytest -m soak --timeout 0 -o faulthandler_timeout=0 $(TESTS)

lint: setup ## ruff, mypy --strict on console/, the import rule
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict console
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q tests/setup/test_import_rule.py

bench: setup ## one measurement, its last line a JSON object: make bench NAME=telemetry ARGS="--devices 227830"
	@test -n "$(NAME)" || { echo 'Which one?  make bench NAME=start|telemetry|decisions|memory'; exit 2; }
	@exec $(BIN)/bongsu bench $(NAME) --json $(ARGS)

lock: ## choose versions again and write .setup/requirements.lock (needs uv: pip install uv)
	@.setup/lock.sh

clean: ## remove what set-up and tools made; data folders of a run stay
	@rm -rf .venv .venv.lock .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
