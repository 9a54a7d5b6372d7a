# Partnerline. `make run` starts everything, `make test` checks everything; each target does the set-up it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
RESOLVE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11 pyproject.toml
UNHURRIED := cli demo payouts worker
CODE   := bot crm knowledge mail_ingest config tests benchmarks

# Else every test process, and every process that a test starts, would compile our code anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install model train run hubspot slack test quick databases fuzz plays bench lint types lock wheel clean

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Partnerline needs Python 3.11 or newer; choose one with: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(RUN) ## Make the environment in .venv from the hashed lock

model: $(RUN) ## Add what a language model needs to the environment
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-model.lock

train: $(DEV) ## Learn the built-in reader's weights anew and judge it on writers left out (about an hour)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	$(BIN)/python -m benchmarks.reader.meanings
	$(BIN)/python -m benchmarks.reader.train

run: $(RUN) ## Start the whole agent with the sample program and a page to try it on
	@$(BIN)/partnerline serve

hubspot: $(RUN) ## Start a HubSpot account on this machine, with a page of what it holds, for the agent to work with
	@$(BIN)/python -m tests.fakes.hubspot --calls 1000 --searches 20 --webhook-url http://127.0.0.1:8080/webhooks/hubspot $(HUBSPOT)

slack: $(RUN) ## Start a Slack on this machine, with pages to write in as a partner or as a manager, for the agent
	@$(BIN)/python -m tests.fakes.slack --url http://127.0.0.1:8080 $(SLACK)

lint: $(DEV) ## Style and the rules on who imports whom
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports

types: $(DEV) ## mypy --strict
	$(BIN)/mypy

# Collected once beforehand: in a fresh clone every worker would else compile every test for itself.
test: lint ## Everything: style, types, unit, scenario, contract, socket, browser and durability tests, the wheel
	@mkdir -p .make; nice $(BIN)/mypy >.make/types.log 2>&1 & types=$$!; \
	find tests -name 'test_*.pyc' | grep -q . || $(BIN)/pytest --collect-only -q >/dev/null 2>&1; \
	echo "$(BIN)/pytest -n 4 --dist loadgroup"; $(BIN)/pytest -n 4 --dist loadgroup; tests=$$?; \
	wait $$types; typed=$$?; echo "$(BIN)/mypy"; cat .make/types.log; [ $$tests = 0 ] && [ $$typed = 0 ]

quick: lint ## What fails most often, in under two minutes
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not browser" tests/unit tests/contract $(UNHURRIED:%=--ignore=tests/unit/bot/%)

databases: $(DEV) ## The database tests alone, on the PostgreSQL of DATABASE_URL where one is set
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not browser" tests/contract/test_embedded_crm.py tests/contract/test_embedded_crm_faults.py tests/contract/test_embedded_crm_migrations.py tests/unit/bot/storage

fuzz: $(DEV) ## Damaged mails for ten minutes, or for as many seconds as FUZZ_SECONDS says; FUZZ_SEED repeats a run
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} nice $(BIN)/pytest tests/unit/mail_ingest/test_fuzz.py -k long -o junit_family=xunit1 -rP

plays: $(DEV) ## Every dialogue in every channel, the deal desk in random orders, thousands of mails, Slack events, CRM entries and copies
	ALL_CHANNELS=1 DEAL_DESK_PLAYS=$${DEAL_DESK_PLAYS:-100} DURABLE_MAILS=5000 DURABLE_KILLED_MAILS=200 DURABLE_KILLS=3 DURABLE_AWAY_MAILS=100 \
		DURABLE_INTERACTIONS=10000 DURABLE_OUTAGE=120 DURABLE_SLACK_EVENTS=5000 EVERY_CRASH=1 \
		DURABLE_RECIPIENTS=10000 DURABLE_ANNOUNCEMENT_KILLS=3 DURABLE_ANSWERS=2000 $(BIN)/pytest -n 2 --dist loadgroup tests/scenarios/test_dialogues.py tests/machine tests/durability \
		tests/unit/crm/hubspot/records/test_crashes.py -o timeout=3600

bench: $(DEV) ## Speed as ratios against a baseline of the same run
	$(BIN)/python -m benchmarks

wheel: $(DEV) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

lock: $(BIN)/python ## Resolve the dependencies anew into the four locks
	$(BIN)/python -m pip install --quiet uv
	$(RESOLVE) --group build -o requirements.lock
	$(RESOLVE) --group build --extra model -c requirements.lock -o requirements-model.lock
	$(RESOLVE) --group build --group dev --all-extras -c requirements.lock -c requirements-model.lock -o requirements-dev.lock
	$(RESOLVE) --group build --group train -c requirements.lock -c requirements-dev.lock -o requirements-train.lock

clean: ## Remove the environment and what was built; the agent's data stay
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
