# Two commands do everything: `make run` and `make test`. The work is in scripts/, one file per step.
.PHONY: help run test check soak bench audit fmt generate

help: ## Lists the commands.
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

run: ## Installs what is missing, builds the release binary and starts it (ARGS="…" are its flags).
	@scripts/run $(ARGS)

test: ## Installs what the tests need and runs all of them (ARGS="unit sdk" runs some steps).
	@scripts/test $(ARGS)

check: ## The quick part of test: format, lint, docs, generated files, tidiness.
	@scripts/test format lint docs generated tidy

soak: ## The long runs: a thousand kills, long fuzzing.
	@scripts/soak

bench: ## Measures the server against the bare loop (ARGS="…" as for `loquat bench`).
	@scripts/bench $(ARGS)

audit: ## Known vulnerabilities in dependencies; needs the internet.
	@scripts/audit

fmt: ## Formats the sources.
	@cargo fmt --all

generate: ## Brings generated files up to date.
	@cargo run --quiet --package xtask -- generate
