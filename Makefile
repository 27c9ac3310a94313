# Everything that can be done with a fresh clone:
# make demo | test | check | sweep | soak | bench | load | corpora | planted | planted-criteria | sbom | audit | pictures | lock | clean
# Needs make, git and Python 3.11 or newer with its venv module; uv is used where it is installed.
.POSIX:

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

help:
	@sed -n 1,3p Makefile

demo: $(STAMP)
	$(BIN)/trial-monitor demo

test: check
	$(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(STAMP)
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/project/test_sizes.py tests/project/test_words.py

bench: $(STAMP)
	$(BIN)/python -m tests.bench

# Edits planted in the criteria of every trial in TRIAL_MONITOR_CORPORA: how many are found, and what is told beside them.
planted-criteria: $(STAMP)
	$(BIN)/python -m tests.diff.planted_criteria

# The tests over the corpora in TRIAL_MONITOR_CORPORA, with every record: the suite reads a portion.
corpora: $(STAMP)
	TRIAL_MONITOR_WHOLE=1 $(BIN)/python -m pytest -q -n auto --dist worksteal tests/diff tests/text tests/sources_ctgov

# 100,000 edits planted in real records. PART=1/4 runs a quarter of them; SEED=NCT01234567:3 plants one pair again.
PART = 1/1
SEED =
planted: $(STAMP)
	$(BIN)/python -m tests.planted --part $(PART) --seed "$(SEED)"

# Kills, cut power, full disks, bad pages, hostile texts by the hundred thousand: all of it takes hours, a part an hour
# at most. PART="kills 1/4" runs a quarter of one sweep; tests/reports/sweep.md adds up what was run.
sweep: $(STAMP)
	$(BIN)/python -m tests.sweep "$(PART)"

# A week without one of three destinations: 100,000 alerts wait, and leave in digests.
load: $(STAMP)
	$(BIN)/python -m tests.load

# The daemon for long, while everything around it fails; a day of its world takes a few seconds. DAYS=3650 for ten
# years. tests/reports/soak.md says what came of it.
HOURS = 0.1
DAYS =
SOAK_SEED = 1
soak: $(STAMP)
	$(BIN)/python -m tests.soak --hours $(HOURS) $(if $(DAYS),--days $(DAYS)) --seed $(SOAK_SEED)

# What the program is made of, as a CycloneDX document, from the lock.
sbom:
	@mkdir -p dist
	$(PYTHON) requirements/sbom.py > dist/trial-monitor.cdx.json

# Known holes in what is locked; says so where nothing could be looked up.
audit:
	PATH="$$PWD/$(BIN):$$PATH" sh requirements/audit

# The program itself is installed without asking an index for anything: the lock already holds what builds it.
$(STAMP): requirements/dev.txt pyproject.toml
	sh requirements/install $(PYTHON) $(VENV)
	touch $(STAMP)

# After a change of the dependencies in pyproject.toml. `make lock UPGRADE=--upgrade` takes newer releases.
lock:
	$(LOCK) $(UPGRADE) --extra postgres --extra dev -o requirements/dev.txt pyproject.toml
	$(LOCK) $(UPGRADE) --extra postgres -c requirements/dev.txt -o requirements/runtime.txt pyproject.toml
	$(LOCK) $(UPGRADE) --group build -c requirements/dev.txt -o requirements/build.txt

clean:
	rm -rf $(VENV) .planted build dist demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Mails as a real browser shows them, into tests/reports/mail; needs Chromium.
pictures: $(STAMP)
	$(BIN)/python -m tests.pictures

.PHONY: help demo test check sweep soak bench load corpora planted planted-criteria sbom audit pictures lock clean
