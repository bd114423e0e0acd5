# Santral. Bare `make` lists the targets. Every target sets up .venv by itself; PYTHON=... chooses the interpreter.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export PYTHONUTF8 := 1

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST_ARGS ?= -q
WORKERS ?= 2
ARGS ?=

.PHONY: help demo test check bench docs i18n torture lock FORCE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## the main job end to end on embedded defaults, with a table of checks
	@$(BIN)/santral demo $(ARGS)

test: $(READY) ## the whole test suite, without the long proofs, on two processes; ARGS="-n 0": on one
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -n $(WORKERS) --dist worksteal -m "not torture and not bench" $(ARGS)

check: $(READY) ## ruff, mypy --strict, import rules, docs: links, paths, generated pages
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m docs.check_docs

bench: $(READY) ## measured promises as ratios; ARGS=--write keeps them in docs/performance.md
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m bench --no-header || [ $$? -eq 5 ]

i18n: $(READY) ## extract, merge and compile the sentences of the screens
	@$(BIN)/python -m integration.adapters.catalogue

docs: $(READY) ## write the generated pages anew (docs/cli.md)
	@$(BIN)/python -m docs.check_docs --write

torture: $(READY) ## the long proofs: many seeds, kills, races (minutes)
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m torture --hypothesis-profile=torture $(ARGS)

lock: $(READY) ## pin requirements/*.txt anew from the *.in files
	@cd requirements && for name in runtime load postgres parquet dask dev; do \
		CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/python -m piptools compile --quiet --upgrade --strip-extras \
			--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
			--output-file $$name.txt $$name.in || exit 1; done

# The stamp holds the folder it was made for, so a moved or copied tree makes its own environment.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): FORCE
endif
$(READY): pyproject.toml requirements/runtime.txt requirements/load.txt requirements/postgres.txt requirements/parquet.txt requirements/dask.txt requirements/dev.txt requirements/setup_venv.sh
	@PYTHON="$(PYTHON)" sh requirements/setup_venv.sh $(VENV)
	@printf '%s\n' "$(CURDIR)" > $@

FORCE:
