# Both commands do all their own set-up: `make ask Q="..."` and `make test`.

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# Without bytecode every process would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE
# uv honours UV_TORCH_BACKEND=cpu, which keeps CUDA off Linux machines; pip needs nothing else.
ifdef UV_TORCH_BACKEND
INSTALL := $(BIN)/uv pip install --python $(BIN)/python --quiet --compile-bytecode
INSTALLER := uv
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALLER :=
endif

.PHONY: ask chat run test faults evaluate check lint types imports benchmark picture gallery gallery-check lock clean

ask: $(VENV)/.installed
	@$(BIN)/explainer ask "$(Q)"

chat run: $(VENV)/.installed
	@$(BIN)/explainer $@

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Every fault of a language model 25 times, and 200 killed reindexes among those of the store;
# `make test` injects a few of each. The report goes into benchmarks/FAULTS.md.
faults: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/faults --faults=25

# The quality gate: answers and verdicts on our labelled questions must not have got worse.
LABELS := evaluation/questions.jsonl evaluation/verdicts.jsonl
evaluate: $(VENV)/.installed
	@EXPLAINER_DATA_DIR=build/evaluation $(BIN)/explainer evaluate $(LABELS) --baseline evaluation/baseline.json

check: lint types imports

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

benchmark: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks $(ARGS)

# The README's pictures of an answer and of a path.
picture: $(VENV)/.installed
	$(BIN)/python docs/picture.py

# A picture of each demonstration, and every message as both platforms show it; `gallery-check`
# fails if what they tell has changed since.
gallery gallery-check: $(VENV)/.installed
	@EXPLAINER_DATA_DIR=build/evaluation $(BIN)/explainer reindex
	@EXPLAINER_DATA_DIR=build/evaluation $(BIN)/python docs/gallery.py $(if $(filter %-check,$@),--check)
	@$(BIN)/python -m docs.messages $(if $(filter %-check,$@),--check)

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV); this takes a few minutes once."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Explainer needs Python 3.11 or newer: run make with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(if $(INSTALLER),$(BIN)/python -m pip install --quiet --disable-pip-version-check $(INSTALLER))
	@$(INSTALL) -r requirements.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# Pins every dependency for all platforms; run it after changing pyproject.toml. A torch that
# needs CUDA packages brings its own; pinning them would force them on a CPU build.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header
lock: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml | grep -v -E '^(nvidia|cuda|triton)' > requirements.lock.new
	mv requirements.lock.new requirements.lock
	$(COMPILE) --group dev -c requirements.lock > requirements-dev.lock.new
	mv requirements-dev.lock.new requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info
