# Two commands matter: `make run` opens Espalier, `make test` runs the whole suite.
# Both set up what they need on a machine that has only git, make and Python 3.11 or later.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Debian's names of the libraries that Qt and its Chromium load, fonts, and the virtual display for machines without one.
RUN_PACKAGES := libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 \
	libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-inter-variable \
	fonts-dejavu-core xvfb libnss3 libasound2 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libxkbfile1
TEST_PACKAGES := xdotool postgresql gcc libc6-dev git nginx-light libnginx-mod-stream libvlc5 vlc-plugin-base ffmpeg \
	dbus-daemon python3-dbusmock openssh-server openssh-client libhunspell-1.7-0

.PHONY: help run test check pictures benchmarks reference lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 20

run: $(STAMP) ## set everything up and open Espalier
	@$(call system-packages,$(RUN_PACKAGES))
	$(BIN)/espalier

test: $(STAMP) ## set everything up and run the whole suite; no display needed
	@$(call system-packages,$(RUN_PACKAGES) $(TEST_PACKAGES))
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest $(if $(TESTS),$(TESTS),-n 2 --no-loadscope-reorder)

check: $(STAMP) ## style and import directions only
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

pictures: $(STAMP) ## render docs/pictures anew
	@$(call system-packages,$(RUN_PACKAGES))
	$(BIN)/python -m docs.render_pictures

benchmarks: $(STAMP) ## measure every headline figure beside its peers
	@$(call system-packages,$(RUN_PACKAGES) $(TEST_PACKAGES))
	$(BIN)/python -m benchmarks --install-peers
	$(BIN)/python -m benchmarks

reference: $(STAMP) ## write docs/reference anew from the tables
	$(BIN)/python -m kernel.config.reference
	$(BIN)/python -m layouts.kind_page
	$(BIN)/python -m shell.reference

lock: $(STAMP) ## resolve the dependencies anew into requirements.lock
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --extra dev pyproject.toml -o requirements.lock >/dev/null

clean: ## remove the environment and what was generated
	rm -rf $(VENV) build dist .hypothesis .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: a venv with the locked versions, checked by hash, and byte-compiled because start-up counts.
$(STAMP): requirements.lock pyproject.toml Makefile
	@if [ -z "$(PYTHON)" ]; then
		echo "Espalier needs Python 3.11 or later, and none was found; on Debian: apt install python3" >&2; exit 1
	fi
	if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then
		$(call system-packages,python3-venv)
	fi
	[ -x $(BIN)/python ] && $(BIN)/python -c 'import pip' 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	echo "Installing the locked dependencies into $(VENV) …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	sed -i -e '/^import re$$/d' -e "s/re\.sub(.*, sys\.argv\[0\])/sys.argv[0].removesuffix('.exe')/" $(BIN)/espalier # pip's takes a start 4 ms for a pattern
	SBK_EMBED=0 $(BIN)/python -c 'import shiboken6' # unpacks Qt's Python support once; else it is compiled at every start
	$(call compile,$(BIN)/python,-x /deploy_lib/,$(VENV)/lib kernel layouts server widgets plugins shell resources)
	$(BIN)/python -c 'import json, pathlib, sys; sys.exit(not (pathlib.Path(json.__file__).parent / "__pycache__").is_dir())' \
		|| $(call compile,$(PYTHON),-x '/(test|tests|idlelib|lib2to3|site-packages)/',\
			"$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')")
	touch $@

# $(call compile,PYTHON,OPTIONS,FOLDERS): byte-compile on all cores, on one where that is not allowed, or go without.
compile = { $(1) -m compileall -q -j 0 $(2) $(3) || $(1) -m compileall -q $(2) $(3) || true; } >/dev/null 2>&1

# $(call system-packages,NAMES): install Debian packages that are missing, or say what to type.
define system-packages
	missing=""
	if command -v dpkg-query >/dev/null 2>&1; then
		for name in $(1); do
			dpkg-query -W -f '$${db:Status-Status}' $$name 2>/dev/null | grep -qx installed || missing="$$missing $$name"
		done
	fi
	if [ -n "$$missing" ]; then
		if [ "$$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else sudo=none; fi
		if [ "$$sudo" = none ]; then
			echo "Espalier needs these system packages; please type:" >&2
			echo "    sudo apt-get install -y --no-install-recommends$$missing" >&2
			exit 1
		fi
		echo "Installing system packages:$$missing"
		$$sudo apt-get update -qq
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null
	fi
endef
