# Gestión Social Local. Two commands do everything: `make run` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0

TOOL    := go tool -modfile=tools/go.mod
SOURCES := $(shell find . -name '*.go' -not -path './node_modules/*' -not -path './tools/*' -not -path './faults/*') go.mod go.sum
SEEDS   := $(shell find app tenants static templates -type f -not -name '*.go' -not -name '*.templ' -not -path 'static/vendor/*')
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null || echo none)

include assets.mk

.PHONY: help build run test check generate fresh lint unit race whole browser bench soak faults faults-short clean needs-browser needs-gcc needs-faults needs-sqlite

help: ## list what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: bin/gsl ## write bin/gsl, assets embedded

bin/gsl: $(SOURCES) $(SEEDS) $(ASSETS)
	@mkdir -p bin
	go build -trimpath -ldflags "-s -w -X gsl/app.version=$(VERSION) -X gsl/app.commit=$(COMMIT)" -o $@ .

run: bin/gsl ## build and serve the demo at http://127.0.0.1:8080
	@exec bin/gsl serve --demo

generate: ## write the Go code of the templates
	$(TOOL) templ generate

fresh: ## fail when a generated file is not what its template says
	@before=$$(find templates -name '*_templ.go' | sort | xargs cat | cksum); \
	$(TOOL) templ generate >/dev/null 2>&1 || { $(TOOL) templ generate; exit 1; }; \
	after=$$(find templates -name '*_templ.go' | sort | xargs cat | cksum); \
	if [ "$$before" != "$$after" ]; then echo "generated files were stale: commit what make generate wrote"; exit 1; fi

lint: $(ASSETS) ## gofmt, vet, golangci-lint
	@bad=$$(gofmt -l app tenants templates static e2e faults main.go); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	go vet ./...
	$(TOOL) golangci-lint run ./...
	cd faults && go vet ./... && go tool -modfile=../tools/go.mod golangci-lint run ./...

unit: $(ASSETS) ## go test, without the race detector
	go test ./...

# SQLite, translated from C, is not watched: it takes its own locks, and watching
# it makes every test four times as slow. All else is, ours and what we use.
UNWATCHED := modernc.org/sqlite/lib=-race=false -d=checkptr=0

# The tests of the whole program walk every route as every role, and those of
# pictures count every dot: minutes under the detector. It watches those of the
# program in which people act at the same time; all of them run without it.
ALONE   := /app$$\|/kit/picture$$
AT_ONCE := AtOnce|Race|LastSpot|LastTwo|UnderLoad|Outlives|CommandsRun|HarmsNobody

race: $(ASSETS) needs-gcc ## go test with the race detector
	CGO_ENABLED=1 go test -race -gcflags='$(UNWATCHED)' $$(go list ./tenants/... ./... | grep -v '$(ALONE)')
	CGO_ENABLED=1 go test -race -gcflags='$(UNWATCHED)' -run '$(AT_ONCE)' ./app

whole: $(ASSETS)
	go test ./app ./app/kit/picture

browser: bin/gsl needs-browser ## the browser suite: Chromium and axe against the real server
	node_modules/.bin/playwright test --config e2e/playwright.config.js

check: fresh lint unit ## the quick part of make test

test: fresh lint bin/gsl needs-gcc needs-browser ## everything that CI runs
	@$(MAKE) --no-print-directory -j3 race browser whole # one after the other they leave half of the machine idle
	@$(MAKE) --no-print-directory faults-short
	@echo "make test: all of it passed"

bench: bin/gsl needs-sqlite ## print the benchmark table
	go run ./e2e/bench
	go run ./e2e/replicas

soak: $(ASSETS) ## work for twenty minutes in 345 municipalities and see whether memory or descriptors grow
	go run ./e2e/replicas soak --for 20m

faults: bin/gsl bin/faults needs-faults ## bad days: kill -9, power cut, full disk, … about 40 minutes
	bin/faults

faults-short: bin/gsl bin/faults needs-faults
	@bin/faults -short >/dev/null

bin/faults: $(shell find faults -name '*.go') faults/go.mod
	@cd faults && go vet . && go build -o ../bin/faults .

needs-gcc:
	@command -v gcc >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=gcc
	@echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1 || $(MAKE) --no-print-directory apt PACKAGE=libc6-dev

needs-faults: # what is missing is skipped with a word
	@command -v strace >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=strace || true
	@command -v mkfs.xfs >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=xfsprogs || true

needs-sqlite:
	@command -v sqlite3 >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=sqlite3

needs-browser: $(PACKAGES) # Chromium without its windows, which cost half of every page; with them where that is all there is
	@command -v chromium-headless-shell >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=chromium-headless-shell || \
	command -v chromium >/dev/null || $(MAKE) --no-print-directory apt PACKAGE=chromium

.PHONY: apt
apt:
	@echo "installing $(PACKAGE)"
	@as=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	$$as apt-get install -y --no-install-recommends $(PACKAGE) >/dev/null 2>&1 || \
	{ $$as apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y --no-install-recommends $(PACKAGE) >/dev/null; }

clean: ## remove what was built, keep the data
	rm -rf bin node_modules static/vendor/* e2e/results
