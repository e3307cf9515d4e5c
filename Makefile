# Two commands matter: `make run` and `make test`. Everything else is below.
PORT ?= 8000
PY := .venv/bin/python
NPROC := $(shell nproc 2>/dev/null || echo 2)
LOCKS := requirements.txt requirements-build.txt
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check fix bench assets docs screenshots locks clean

run: .venv/runtime assets
	QINGFENG_DEMO=1 $(PY) manage.py serve --port $(PORT)

test: .venv/development assets
	$(PY) -m pytest -n $(NPROC) tests
	QINGFENG_TEST_DB=postgres $(PY) -m pytest -n $(NPROC) -m "not browser and not office and not server" tests

check: .venv/development assets
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint qingfeng --lint --quiet
	QINGFENG_STATE=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run
	QINGFENG_STATE=$$(mktemp -d) $(PY) manage.py check --fail-level WARNING

fix: .venv/development
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: .venv/development assets
	$(PY) -m bench

assets: .venv/runtime
	$(PY) assets/build.py

docs: .venv/development
	$(PY) manage.py write_state_diagrams
	$(PY) manage.py write_permissions

screenshots: .venv/development assets
	$(PY) -m tests.e2e.screenshots

locks: .venv/development
	.venv/bin/uv pip compile --upgrade --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	.venv/bin/uv pip compile --upgrade --generate-hashes --no-emit-index-url requirements-build.in -o requirements-build.txt
	.venv/bin/uv pip compile --upgrade --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt

.venv/bin/python:
	python3 -m venv .venv || { rm -rf .venv; echo "缺少 venv：apt-get install python3-venv"; exit 1; }

.venv/runtime: .venv/bin/python $(LOCKS)
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	$(PY) -m pip install --quiet --require-hashes -r requirements-build.txt
	touch $@

.venv/development: .venv/runtime requirements-dev.txt
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

clean:
	rm -rf assets-built static-built .mypy_cache .ruff_cache .import_linter_cache
