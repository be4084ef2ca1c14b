# Everything that people and CI do with this repository. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PEERS := .bench/.installed

PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# A lock is whole: what it does not name is not installed.
LOCKED := $(PIP) install --no-deps --no-compile --require-hashes
# pip would compile the 22,000 modules on one core, some 50 s; test data that is no Python 3 fails
COMPILED := $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
COMPILE := $(BIN)/python -m piptools compile --quiet --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --generate-hashes

define LOCK_NOTE
# Exact versions and hashes for CPython 3.11 on Linux x86-64, written by `make lock` from pyproject.toml.
# Without PyTorch, which requirements-torch-*.lock pin, and without Triton, a compiler for GPUs that
# xgrammar asks for everywhere and needs with CUDA alone: PyTorch's CUDA build brings the one it needs.
endef
export LOCK_NOTE
# what only an older patch version than this one needs
define LOCK_MORE
async-timeout==5.0.1 ; python_full_version < "3.11.3" \
    --hash=sha256:39e3809566ff85354557ec2398b55e096c8364bacac9405a7a1fa429e77fe76c
    # via redis
endef
export LOCK_MORE

.DEFAULT_GOAL := help
.PHONY: help serve pull test test-fast check format lock wheel wagtail-wheel bench latency quality planted reliability image wordpress-zip fuzz soak clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

serve: $(RUNTIME) ## download the default model if it is missing, and serve on 127.0.0.1:8000
	@exec $(BIN)/jianbao serve

pull: $(RUNTIME) ## download and verify the default model
	@$(BIN)/jianbao models pull

test: $(DEV) ## all tests, with the real model if it can be downloaded
	@$(BIN)/jianbao models pull || \
		echo "The default model cannot be had; what needs it will be skipped." >&2
	@# more workers than cores: tests of services and browsers mostly wait
	$(BIN)/python -m pytest --ignore tests/e2e -n 4 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest tests/e2e

test-fast: $(DEV) ## unit and integration tests without the real model and without chaos
	$(BIN)/python -m pytest tests/unit tests/integration -m "not real_model and not chaos" -q -n 3 --dist loadfile

check: $(DEV) ## check style, format, types, import contracts and unused code; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

format: $(DEV) ## format the code, and fix what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(DEV) ## pin the versions that pyproject.toml asks for; UPGRADE=--upgrade takes the newest
	$(COMPILE) $(UPGRADE) --extra=otel --output-file=requirements.lock pyproject.toml
	$(COMPILE) $(UPGRADE) --extra=dev --constraint=requirements.lock \
		--output-file=requirements-dev.lock pyproject.toml
	@for file in requirements.lock requirements-dev.lock; do \
		{ printf '%s\n' "$$LOCK_NOTE"; \
		  awk '/^#/ || !NF { next } /^[^ ]/ { skip = /^(torch|triton)==/ } !skip' $$file; \
		  printf '%s\n' "$$LOCK_MORE"; } > $$file.new \
		&& mv $$file.new $$file || exit 1; \
	done

wheel: $(RUNTIME) ## build the package in dist/, for machines without this repository
	rm -rf build
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

wagtail-wheel: $(RUNTIME) ## build the Wagtail plugin in dist/, to install with a site's pip
	rm -rf plugins/wagtail/build
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist plugins/wagtail

wordpress-zip: ## build the WordPress plugin in dist/, to upload under Plugins
	mkdir -p dist
	rm -f dist/jianbao-wordpress-*.zip
	python3 plugins/wordpress/zip.py dist

bench: $(DEV) $(PEERS) ## measure speed alone and under load, beside other servers: make bench DATA=articles
	$(BIN)/python -m bench.throughput "$(or $(DATA),$(error say where the articles are: DATA=…))"
	$(BIN)/python -m bench.load "$(DATA)" --peers-python .bench/bin/python

latency: $(DEV) ## measure extractive briefs while translations keep the engine busy: make latency DATA=articles
	$(BIN)/python -m bench.latency "$(or $(DATA),$(error say where the articles are: DATA=…))"

quality: $(DEV) ## score translations, beside a plain prompt and others: make quality DATA=wmt22
	$(BIN)/python -m bench.quality "$(or $(DATA),$(error say where the WMT22 set is: DATA=…))"

planted: $(DEV) ## count the planted faults that verification flags: make planted DATA=folder of wmt22 and ntrex
	$(BIN)/python -m bench.planted "$(or $(DATA),$(error say where the WMT22 and NTREX sets are: DATA=…))"

reliability: $(DEV) ## check that every brief is answered, 31 articles three times over: make reliability DATA=wmt22
	$(BIN)/python -m bench.reliability "$(or $(DATA),$(error say where the articles are: DATA=…))"

image: $(DEV) ## build the image in a Docker engine of its own, and test it (root, docker.io, mmdebstrap)
	$(BIN)/python -m pytest tests/image -ra

soak: $(DEV) ## run the long tests: half an hour of load, jobs under kill -9, 5,000 odd requests
	$(BIN)/python -m bench.soak
	$(BIN)/python -m bench.crash
	$(BIN)/python -m tests.support.fuzzing --cases 5000

fuzz: $(DEV) ## send requests that no client would send, at least 5,000: make fuzz CASES=20000
	$(BIN)/python -m tests.support.fuzzing --cases $(or $(CASES),5000)

clean: ## remove the environment and all caches, but not the models
	rm -rf $(VENV) .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.benchmarks build dist *.egg-info
	find bench service tests -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@case "$(PYTHON)" in '') echo "Python 3.11 or newer is needed: apt-get install python3" >&2; \
		exit 1;; esac
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name one: make PYTHON=…" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: apt-get install python3-venv" >&2; \
		exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# The stamps are written last: an installation that was broken off is done again. The package
# itself is built with the locked setuptools, so nothing but the lock decides what is installed.
$(RUNTIME): requirements.lock $(wildcard requirements-torch-*.lock) pyproject.toml | $(BIN)/python
	@echo "Installing from $< (minutes, the first time)" >&2
	$(LOCKED) --requirement $<
	@# PyTorch's CPU build where pip is offered it, else PyPI's, and the CUDA libraries that it pins
	$(LOCKED) --requirement requirements-torch-cpu.lock 2>/dev/null || \
		{ $(LOCKED) --requirement requirements-torch-cuda.lock && $(PIP) install torch; }
	$(PIP) install --no-deps --no-build-isolation --editable .
	@$(COMPILED)
	@touch $@

# The peers bring a web server of their own, which would change ours: they get an environment that
# only looks into ours.
$(PEERS): bench/peers.txt $(RUNTIME)
	"$(PYTHON)" -m venv .bench
	@echo "$(CURDIR)/$$(echo $(VENV)/lib/python3*/site-packages)" > \
		"$$(echo .bench/lib/python3*/site-packages)/project.pth"
	.bench/bin/python -m pip --disable-pip-version-check -qq install --requirement $<
	@touch $@

$(DEV): requirements-dev.lock requirements-tools.lock $(RUNTIME)
	@echo "Installing from $<" >&2
	$(LOCKED) --requirement $< --requirement requirements-tools.lock
	@$(COMPILED)
	@touch $@
