# Needs only make, python3 >= 3.11 and a package registry. Everything it makes lies in .venv/ and out/.
PYTHON ?= python3
PYTEST_FLAGS ?= -n 2 --dist worksteal
UPGRADE ?=
PORT ?= 8000

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --editable .
OUT := out/us-iran
QUICK := model/test_memory model/test_channels model/test_compiler model/test_stability \
  model/mechanisms/test_mechanisms events/test_chronicle questions/test_question studies/scoring/test_scores

# Tools keep their caches beside the environment, and nothing leaks in from outside.
export MYPY_CACHE_DIR := .venv/cache/mypy
export RUFF_CACHE_DIR := .venv/cache/ruff
export HYPOTHESIS_STORAGE_DIRECTORY := .venv/cache/hypothesis
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo serve test check slow golden bench docs languages lock clean distclean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

.venv/made.stamp:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Détente needs Python 3.11 or newer; there is no '$(PYTHON)' here." \
	       "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Détente needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
	       "Name a newer one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { \
	  echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu install the package python3-venv." >&2; exit 2; }
	@touch $@

.venv/run.stamp: .venv/made.stamp locks/run.txt pyproject.toml
	@echo "installing the locked packages into .venv (once; a minute or two) ..."
	@$(PIP) install --require-hashes --requirement locks/run.txt
	@$(INSTALL_SELF)
	@touch $@

# The locks of the web interface and of development hold the run-time one, at the same versions.
.venv/web.stamp: .venv/run.stamp locks/web.txt
	@echo "installing the locked packages of the web interface into .venv (once; some seconds) ..."
	@$(PIP) install --require-hashes --requirement locks/web.txt
	@touch $@

.venv/dev.stamp: .venv/made.stamp locks/dev.txt pyproject.toml
	@echo "installing the locked packages with the development tools into .venv (once; a few minutes) ..."
	@$(PIP) install --require-hashes --requirement locks/dev.txt
	@$(INSTALL_SELF)
	@touch $@

demo: .venv/run.stamp ## install, fit the US-Iran rivalry as of 17 January 2020, run 2,000 futures
	$(BIN)/detente warm
	$(BIN)/detente run us-iran --as-of 2020-01-17 --days 730 --futures 2000 --seed 1 --out $(OUT)
	@echo "The result lies in $(OUT); open $(OUT)/index.html, it needs no network."

serve: .venv/web.stamp ## install, and open the web interface on this machine at http://127.0.0.1:$(PORT)/
	$(BIN)/detente warm
	$(BIN)/detente serve --port $(PORT)

test: .venv/dev.stamp ## install with the development tools, try every rule once: about six minutes
	$(BIN)/python -m pytest -q -m "not slow" $(PYTEST_FLAGS)

check: .venv/dev.stamp ## format, lint, types and quick tests, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -x -m "not slow" $(PYTEST_FLAGS) tests/test_architecture.py $(QUICK:%=tests/unit/%.py)

slow: .venv/dev.stamp ## full families of cases, every example, recovery, cold starts: up to an hour
	DETENTE_TIER=slow $(BIN)/python -m pytest -q -m "slow or hypothesis" $(PYTEST_FLAGS)

golden: .venv/dev.stamp ## rewrite tests/golden/commands; say in the changelog which numbers moved and why
	cd tests && ../$(BIN)/python -m golden.test_commands

bench: .venv/dev.stamp ## measure the commands and keep out/bench.json; BENCH_REPEATS=1 is quick, DETENTE_OLD=/path/src compares
	$(BIN)/python benchmarks/bench.py

docs: .venv/dev.stamp ## rewrite the generated pages and the README's numbers and picture; build the site in out/site
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/screenshots.py
	$(BIN)/properdocs build --quiet
	@echo "The site lies in out/site; open out/site/index.html, it needs no network."

languages: .venv/dev.stamp ## rewrite the catalogues of pages: extract, convert to Traditional Chinese, compile
	$(BIN)/python docs/languages.py

lock: ## resolve the lock files again; UPGRADE=--upgrade takes newer versions
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	$(PYTHON) -m venv "$$tmp/venv" && \
	"$$tmp/venv/bin/python" -m pip --disable-pip-version-check --quiet install uv && \
	compile() { "$$tmp/venv/bin/uv" pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --cache-dir "$$tmp/cache" --quiet $(UPGRADE) "$$@"; } && \
	compile --output-file locks/run.txt && \
	compile --extra web --constraint locks/run.txt --output-file locks/web.txt && \
	compile --extra mcp --constraint locks/web.txt --output-file locks/mcp.txt && \
	compile --extra dev --constraint locks/web.txt --constraint locks/mcp.txt --output-file locks/dev.txt

clean: ## remove results and caches
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .venv/cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf .venv
