# Each target makes .venv first if it is missing. Without make: python -m tools.environment --help
PYTHON ?= python3
IN_VENV = $(PYTHON) -m tools.environment run

.PHONY: help learn test verify student site build record bench format

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

learn:  ## notebooks in work/, JupyterLab (TORCH=1 for PyTorch, ARGS="--port 9999" for JupyterLab)
	@$(PYTHON) -m tools.environment learn $(if $(TORCH),--torch) $(ARGS)

test:  ## everything CI runs (ARGS="-k gaps" for pytest)
	@$(PYTHON) -m tools.environment test $(ARGS)

verify:  ## whether the checks tell right from wrong; the report under build/ (ARGS="CHAPTER")
	@$(IN_VENV) -m tools verify --junit build/verify.xml --html build/verify.html $(ARGS)

student:  ## the student trees of both languages under build/, leak check included
	@$(IN_VENV) -m tools student --lang en --out build/student-en $(ARGS)
	@$(IN_VENV) -m tools student --lang ja --out build/student-ja $(ARGS)

site:  ## the chapters as a website, under build/site (ARGS="--solved" for answers too)
	@$(IN_VENV) -m tools site --out build/site $(ARGS)

build:  ## lesson -> exercise notebooks, answers and references
	@$(IN_VENV) -m tools build
	@$(IN_VENV) -m tools record

bench:  ## the speed figures of the README, measured side by side
	@$(IN_VENV) -m tests.benchmarks

format:  ## ruff: sort imports and format
	@$(IN_VENV) -m ruff check --fix .
	@$(IN_VENV) -m ruff format .
