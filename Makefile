# Everything a newcomer, a developer and the CI run. `make` alone lists the goals.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS   += --no-print-directory
# Not spelled $(MAKE) in recipes: with .ONESHELL, `make -n` would run every recipe that is.
AGAIN       := $(MAKE)

# The oldest Swift that builds this package.
SWIFT_NEEDED := 6.3
# Debian packages that the build links against or calls.
PACKAGES     := ca-certificates git libcurl4-openssl-dev libsqlite3-dev libssl-dev pkg-config
SWIFT        ?= swift
PYTHON       ?= python3
# The table that `interop` and `bench` score; the demo's when empty.
export CUSTOMERS ?=

# Refuses imports of targets that are no declared dependency. It still says "Build complete!"; its exit code counts.
IMPORT_CHECK := --explicit-target-dependency-import-check error

RELEASE      := .build/release
CLIENTS      := .build/clients
DEBUG        := .build/debug

# What a build depends on: every file and folder, so that additions, changes and removals all count.
SOURCES      := $(shell find Package.swift Sources Plugins \( -type f -o -type d \) ! -name '*~' 2>/dev/null)
SDK_SOURCES  := $(shell find Sources/HandlerSDK Sources/CHandlerABI Sources/PureJSON Plugins/Template \( -type f -o -type d \) 2>/dev/null)
MODELS       := $(shell find Fixtures/models -type f 2>/dev/null)
SWIFT_FILES   = git ls-files -z --cached --others --exclude-standard -- '*.swift'

.PHONY: help deps demo build release handlers docs test check lint format scenarios interop bench bench-cloud fuzz ci clean

help: ## List the goals
	@echo 'Headrace: jobs from SQS, done by plugins, proved by a lab.'
	echo
	sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r goal text; do
	    printf '  make %-11s %s\n' "$$goal" "$$text"
	done

deps: ## Check Swift and install missing Debian packages
	@advice='install it from https://www.swift.org/install/linux/ and put it on the PATH'
	found=$$($(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1 || true)
	if [ -z "$$found" ]; then
	    echo "Headrace needs Swift $(SWIFT_NEEDED) or newer and found none: $$advice." >&2
	    exit 1
	fi
	if [ "$$(printf '%s\n' "$(SWIFT_NEEDED)" "$$found" | sort -V | head -n 1)" != "$(SWIFT_NEEDED)" ]; then
	    echo "Headrace needs Swift $(SWIFT_NEEDED) or newer and found $$found: $$advice." >&2
	    exit 1
	fi
	if ! command -v dpkg-query >/dev/null; then
	    if pkg-config --exists libcurl sqlite3 libcrypto 2>/dev/null; then exit 0; fi
	    echo 'Headrace needs the development files of libcurl, SQLite and OpenSSL, and pkg-config; install them.' >&2
	    exit 1
	fi
	missing=()
	for package in $(PACKAGES); do
	    status=$$(dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null || true)
	    if [ "$$status" != 'install ok installed' ]; then missing+=("$$package"); fi
	done
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi
	install="apt-get install -y --no-install-recommends $${missing[*]}"
	if [ "$$(id -u)" -eq 0 ]; then
	    prefix=(env DEBIAN_FRONTEND=noninteractive)
	elif sudo -n true 2>/dev/null; then
	    prefix=(sudo -n env DEBIAN_FRONTEND=noninteractive)
	else
	    echo "Some Debian packages are missing; run this and then make again: sudo $$install" >&2
	    exit 1
	fi
	echo "Installing $${missing[*]}"
	if ! "$${prefix[@]}" $$install >/dev/null 2>&1; then
	    "$${prefix[@]}" apt-get update -q >/dev/null
	    "$${prefix[@]}" $$install
	fi

demo: $(RELEASE)/.handlers ## Build, then run the main job on bundled data, end to end
	@$(RELEASE)/headrace demo

build: deps ## Build for development, with the check of imports against declared dependencies
	@$(SWIFT) build $(IMPORT_CHECK)
	touch $(DEBUG)/.built
	$(AGAIN) $(DEBUG)/.handlers $(DEBUG)/.sdk

release: $(RELEASE)/.handlers $(RELEASE)/.sdk ## Build for use, handlers and the SDK for authors included

handlers: $(RELEASE)/.handlers ## Put the bundled handlers together under .build/release/handlers
	@ls -d $(RELEASE)/handlers/*

$(RELEASE)/.built: $(SOURCES)
	@$(AGAIN) deps
	$(SWIFT) build -c release
	touch $@

$(DEBUG)/.built: $(SOURCES)
	@$(AGAIN) deps
	$(SWIFT) build
	touch $@

# One folder per handler: the manifest with the library's SHA-256 in the place of `dev`, the library, and whatever
# else lies beside the manifest; churn-predict gets the model bundles. A folder appears only once it is whole.
%/.handlers: %/.built $(MODELS)
	@target='$*/handlers'
	staging="$$target.new"
	rm -rf "$$staging"
	mkdir -p "$$staging"
	for manifest in Plugins/*/handler.yml; do
	    source=$$(dirname "$$manifest")
	    name=$$(sed -n 's/^name: *\([a-z0-9-]*\).*/\1/p' "$$manifest")
	    library=$$(sed -n 's/.*platform:.*path: *\([^,} ]*\).*/\1/p' "$$manifest" | head -n 1)
	    if [ -z "$$name" ] || [ -z "$$library" ]; then
	        echo "$$manifest: no name or no library path" >&2
	        exit 1
	    fi
	    folder="$$staging/$$name"
	    mkdir -p "$$(dirname "$$folder/$$library")"
	    for item in "$$source"/*; do
	        case $$(basename "$$item") in Sources | Entry) ;; *) cp -R "$$item" "$$folder/" ;; esac
	    done
	    cp "$*/$$(basename "$$library")" "$$folder/$$library"
	    sum=$$(sha256sum "$$folder/$$library" | cut -d ' ' -f 1)
	    sed -i "s/sha256: dev/sha256: $$sum/" "$$folder/handler.yml"
	done
	if [ -d "$$staging/churn-predict" ]; then
	    mkdir -p "$$staging/churn-predict/models"
	    for bundle in Fixtures/models/*/; do cp -R "$$bundle" "$$staging/churn-predict/models/"; done
	fi
	rm -rf "$$target"
	mv "$$staging" "$$target"
	touch $@

# What authors of handlers need besides the binaries, whole in one folder: the Swift SDK as a package of sources, the C
# header, and the projects that `headrace handler new` starts from.
%/.sdk: %/.built $(SDK_SOURCES)
	@staging='$*/sdk.new'
	rm -rf "$$staging"
	mkdir -p "$$staging/Sources" "$$staging/include" "$$staging/templates"
	cp Plugins/Template/sdk/Package.swift "$$staging/"
	cp -R Sources/HandlerSDK Sources/CHandlerABI Sources/PureJSON "$$staging/Sources/"
	cp Sources/CHandlerABI/include/handler_abi.h "$$staging/include/"
	for part in shared swift c cpp rust; do
	    cp -R "Plugins/Template/$$part" "$$staging/templates/"
	    (cd "$$staging/templates/$$part" && rm -rf .build .swiftpm Package.resolved Cargo.lock lib out target)
	done
	rm -rf '$*/sdk'
	mv "$$staging" '$*/sdk'
	touch $@

test: deps ## Run all tests
	@$(SWIFT) build --build-tests $(IMPORT_CHECK)
	touch $(DEBUG)/.built
	$(AGAIN) $(DEBUG)/.handlers
	$(SWIFT) test --skip-build --disable-xctest

check: $(RELEASE)/.handlers ## Hold the bundled handlers to the contract of handlers
	@for folder in $(RELEASE)/handlers/*/; do
	    $(RELEASE)/headrace handler check "$$folder" --strict
	done

lint: deps ## Check the layout and style rules of all Swift files
	@$(SWIFT_FILES) | xargs -0 $(SWIFT) format lint --strict --parallel
	echo "lint: $$($(SWIFT_FILES) | tr -cd '\0' | wc -c) files, no finding"

format: deps ## Lay all Swift files out
	@$(SWIFT_FILES) | xargs -0 $(SWIFT) format --in-place --parallel

scenarios: release ## Check every scenario; warnings count
	@$(RELEASE)/lab validate --strict Scenarios

# boto3, the AWS CLI and s3cmd: clients that nobody here wrote. The older boto3 speaks the Query protocol of SQS.
$(CLIENTS)/.installed: Makefile
	@rm -rf $(CLIENTS)
	if ! $(PYTHON) -m venv $(CLIENTS) >/dev/null 2>&1; then
	    $(AGAIN) deps PACKAGES='python3 python3-venv'
	    rm -rf $(CLIENTS)
	    $(PYTHON) -m venv $(CLIENTS)
	fi
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check boto3 awscli jsonschema pyyaml
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check --target $(CLIENTS)/query \
	    boto3==1.28.70 botocore==1.31.70
	if ! command -v s3cmd >/dev/null; then
	    $(AGAIN) deps PACKAGES=s3cmd || echo 'interop: s3cmd cannot be installed, its suite will be left out' >&2
	fi
	touch $@

# moto is the server that the embedded one is measured against, wrk a client for many connections.
$(CLIENTS)/.bench: $(CLIENTS)/.installed
	@$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check 'moto[server]'
	if ! command -v wrk >/dev/null; then
	    $(AGAIN) deps PACKAGES=wrk || echo 'bench-cloud: wrk cannot be installed, its part will be left out' >&2
	fi
	touch $@

# The demo's own table unless CUSTOMERS names another.
$(CLIENTS)/customers.csv: $(RELEASE)/.handlers $(CLIENTS)/.installed
	@$(RELEASE)/headrace demo --data $(CLIENTS)/demo --json >/dev/null
	cp "$${CUSTOMERS:-$(CLIENTS)/demo/customers.csv}" $@

# With the toolchain's own tools: no package that a build would have to fetch.
docs: $(DEBUG)/.built ## Make the pages for authors of handlers, with every declaration of the SDK
	@rm -rf .build/docs
	mkdir -p .build/docs/symbols
	$(SWIFT) symbolgraph-extract -module-name HandlerSDK -minimum-access-level public -skip-synthesized-members \
	    -I $(DEBUG)/Modules -Xcc -fmodule-map-file=$(DEBUG)/CHandlerABI.build/module.modulemap \
	    -target "$$($(SWIFT) -print-target-info | sed -n 's/.*"triple": "\(.*\)",.*/\1/p' | head -n 1)" \
	    -output-dir .build/docs/symbols
	docc convert Sources/HandlerSDK/HandlerSDK.docc --additional-symbol-graph-dir .build/docs/symbols \
	    --fallback-display-name HandlerSDK --fallback-bundle-identifier headrace.HandlerSDK \
	    --warnings-as-errors --output-path .build/docs/site
	echo "Look at them with: docc preview Sources/HandlerSDK/HandlerSDK.docc --additional-symbol-graph-dir .build/docs/symbols"

interop: $(CLIENTS)/customers.csv $(RELEASE)/.sdk ## Drive runner and embedded cloud with boto3, the AWS CLI and s3cmd, kill them, feed them bad input
	@for script in handler_languages handler_packages hot_reload main_job aws_cli fakecloud reliability bad_inputs; do
	    echo "interop: $$script"
	    $(CLIENTS)/bin/python Tests/Interop/$$script.py $(CLIENTS)/customers.csv
	done
	echo 'interop: scenario_schema'
	$(CLIENTS)/bin/python Tests/Interop/scenario_schema.py $(RELEASE)/lab 200
	echo 'interop: lab_page'
	$(CLIENTS)/bin/python Tests/Interop/lab_page.py
	echo 'interop: crash_isolation'
	$(CLIENTS)/bin/python Tests/Interop/crash_isolation.py

bench: $(CLIENTS)/customers.csv ## Measure a warm runner from message received to message deleted, and what isolation costs
	@$(CLIENTS)/bin/python Tests/Interop/warm_runner.py $(CLIENTS)/customers.csv
	$(CLIENTS)/bin/python Tests/Interop/isolation_bench.py

bench-cloud: $(RELEASE)/.built $(CLIENTS)/.bench ## Measure the embedded S3 and SQS, and moto beside it
	@$(CLIENTS)/bin/python Tests/Interop/fakecloud_bench.py

# Mutated requests through the fake cloud's routes: FUZZ_TARGET (json, query, xml, chunked, multipart; all when empty),
# FUZZ_COUNT inputs each, FUZZ_SECONDS at most, FUZZ_SEED; FUZZ_INPUT runs one saved input again.
FUZZ_TARGET  ?=
FUZZ_COUNT   ?= 100000
FUZZ_SECONDS ?=
FUZZ_SEED    ?= 1
FUZZ_INPUT   ?=
fuzz: deps ## Send mutated requests to the embedded cloud; FUZZ_TARGET, FUZZ_COUNT, FUZZ_SECONDS, FUZZ_SEED
	@$(SWIFT) build -c release --product cloud-fuzz
	SWIFT_BACKTRACE=enable=no $(RELEASE)/cloud-fuzz --count $(FUZZ_COUNT) --seed $(FUZZ_SEED) \
	    $(addprefix --target ,$(FUZZ_TARGET)) $(addprefix --seconds ,$(FUZZ_SECONDS)) \
	    $(addprefix --reproduce ,$(FUZZ_INPUT))

ci: ## What must pass before a change is taken: lint, build, check, scenarios, interop, test
	@$(AGAIN) lint
	$(AGAIN) build
	$(AGAIN) check
	$(AGAIN) scenarios
	$(AGAIN) interop
	$(AGAIN) test

clean: ## Delete everything that was built
	@rm -rf .build
