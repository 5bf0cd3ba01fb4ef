# Everything one does with this project. `make` alone tells what there is.

SHELL := /bin/bash
PACKAGES := curl unixodbc unixodbc-dev libsqliteodbc libsqlite3-dev libcurl4-openssl-dev openssl pkg-config python3-venv systemd
PYTHON := .venv/bin/python

# What is tried on a T-SQL server too, when there is one.
SERVER_TESTS := WarehouseTests|ODBCTests|TableShapeTests|StandbyTests|RollbackPromiseTests|AuditTests|RebuildTests|CutoverTests|ServerTrustTests

# The machine that runs the programs needs no Swift, and they start with less memory.
SWIFT_RELEASE := swift build --configuration release --static-swift-stdlib

.PHONY: help
help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: .venv/.made ## Install what is missing: system packages, Python packages in .venv
	@Tests/demo/install-packages.sh $(PACKAGES)

.venv/.made: Tests/requirements.txt
	@Tests/demo/install-packages.sh $(PACKAGES)
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/requirements.txt
	@touch $@

.PHONY: build
build: deps ## Build the programs for release, with Swift's libraries in them
	$(SWIFT_RELEASE)

.PHONY: test
test: deps ## Run every test
	$(PYTHON) -m pytest -q Tests
	swift build --build-tests
	@Tests/swift-test.sh --skip-build

.PHONY: test-server
test-server: server-given deps ## Run the tests that a T-SQL server takes part in; ORDERSYNC_TEST_SQLSERVER says which
	swift build --build-tests
	@Tests/swift-test.sh --skip-build --filter '$(SERVER_TESTS)'

.PHONY: server-given
server-given:
	@[[ -n "$$ORDERSYNC_TEST_SQLSERVER" ]] || { echo "set ORDERSYNC_TEST_SQLSERVER to an ODBC connection string" >&2; exit 64; }

.PHONY: lint
lint: .venv/.made ## Check formatting and house rules
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	.venv/bin/sqlfluff lint --disable-progress-bar sql/sqlserver
	@! grep -rnE --include='*.swift' '\bfatalError\(|\btry!|\bas!' Sources
	@for script in .ci/run $$(find Tests -name '*.sh'); do bash -n "$$script"; done

.PHONY: format
format: ## Format the Swift sources in place
	swift format --in-place --recursive --parallel Sources Tests Package.swift

.PHONY: demo
demo: deps ## Sync one purchase order to a local look-alike of Monday.com (KEEP=1 leaves it running)
	@Tests/demo/demo.sh

.venv/.bench: Tests/bench/requirements.txt .venv/.made
	@.venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/bench/requirements.txt
	@touch $@

.PHONY: bench-build
bench-build: deps .venv/.bench
	ORDERSYNC_BENCH=1 $(SWIFT_RELEASE)

.PHONY: bench
bench: bench-build ## Measure speed and memory beside yardsticks, in under five minutes
	@$(PYTHON) Tests/bench/bench.py --bin .build/release

.PHONY: bench-full
bench-full: bench-build ## The same with ten times as many orders and rounds
	@$(PYTHON) Tests/bench/bench.py --bin .build/release --scale 10

.PHONY: torture
torture: deps ## Kill the daemon 200 times on a hostile network, and look whether anything is lost or made twice (SEED=n)
	swift build
	$(PYTHON) Tests/torture/torture.py --bin "$$(swift build --show-bin-path)" $(if $(SEED),--seed $(SEED))

.PHONY: stress
stress: deps ## Commit and checkpoint for a minute, from several processes at once, and look whether a commit is lost
	@STRESS_SECONDS=60 Tests/swift-test.sh --filter CheckpointStressTests

.PHONY: simulation
simulation: deps ## Play 30 days over 2,000 orders, compare board and tables with a model after each (SEED=n, WORLD=name)
	swift build
	$(PYTHON) Tests/simulation/simulate.py --bin "$$(swift build --show-bin-path)" $(if $(SEED),--seed $(SEED)) $(if $(WORLD),--world $(WORLD))

.PHONY: clean
clean: ## Remove what was built
	rm -rf .build .build-* .demo .venv
