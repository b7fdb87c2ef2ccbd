# Needs Debian, Go and make; what else is missing the targets install themselves (as root).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test lint vet unit browser bench look generate protos proto-image assets setup setup-test clean

TOOL := go tool -modfile=tools/go.mod
merge = $(TOOL) openapiv3-merge $$(find $(1) -name '*.openapi.json' | LC_ALL=C sort)
# what psc version says, where git can tell; GOFLAGS may forbid it elsewhere
STAMP = $(shell git rev-parse --verify -q HEAD >/dev/null 2>&1 && echo -buildvcs=auto)
BUF = $(wildcard node_modules/@bufbuild/buf-linux-*/bin/buf)

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## set up, build, and start the demo on http://localhost:8080
	bin/psc demo

build: assets ## bin/psc, pages and assets inside
	go build -trimpath $(STAMP) -o bin/psc ./cmd/psc

test: setup-test assets lint vet protos unit browser ## everything that must hold
	@echo "make test: lint, vet, protos, unit, store and browser tests passed"

lint: ## the house rules
	$(TOOL) golangci-lint run ./...

vet:
	go vet -tags e2e,look,bench ./...

unit: ## every test without a browser, on SQLite and PostgreSQL
	go test -timeout 20m ./...

browser: ## the tests in a real Chromium
	go test -tags e2e -count 1 -p 1 -timeout 30m ./e2e/... ./internal/web/view

bench: setup-test ## the product against its databases at 10,000 customers (FULL=1: 100,000, N=...), into docs/performance.md
	go test -tags e2e,bench -count 1 -v -timeout 10h -run TestBench ./internal/bench

look: setup-test assets ## a picture of every page into look/
	go test -tags e2e,look -count 1 -timeout 30m -run TestLook ./e2e

generate: node_modules/.package-lock.json ## Go from .templ and .proto; the result is committed
	$(TOOL) templ generate
	rm -rf .cache/openapi
	$(BUF) generate proto
	$(call merge,.cache/openapi) >internal/apidoc/openapi.json

protos: node_modules/.package-lock.json ## the protos as lint wants them, no break of what programs rely on, and fresh what is generated
	$(BUF) lint proto
	$(BUF) breaking proto --against proto/image.binpb
	rm -rf .cache/fresh
	$(BUF) generate proto -o .cache/fresh
	diff -r --exclude '*.proto' .cache/fresh/proto/psc proto/psc || { echo "run make generate and commit what it changes" >&2; exit 1; }
	$(call merge,.cache/fresh/.cache/openapi) | diff -q - internal/apidoc/openapi.json || { echo "run make generate and commit what it changes" >&2; exit 1; }

proto-image: node_modules/.package-lock.json ## takes the present protos as what programs rely on
	$(BUF) build proto --exclude-source-info -o proto/image.binpb

setup:
	@tools/setup run

setup-test:
	@tools/setup test

assets: node_modules/.package-lock.json
	@tools/assets

node_modules/.package-lock.json: package-lock.json | setup
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

clean: ## remove what was built
	rm -rf bin look node_modules internal/web/static/vendor internal/pdf/font/*.ttf
	find internal/web/static -name '*.gz' -delete
