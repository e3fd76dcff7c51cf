# Everything here needs Go only; see go.mod for the version.

GO ?= go
FUZZTIME ?= 10s

.PHONY: build install uninstall run test explore lint golden fuzz fuzz-long bench docs ci

PROGRAM ?= ./headroom

build: ## the program as ./headroom
	$(GO) build -trimpath -o $(PROGRAM) ./cmd/headroom

# The program, its man pages and the completions of three shells.
PREFIX ?= /usr/local
bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share
completions = $(share)/bash-completion/completions/headroom $(share)/zsh/site-functions/_headroom \
	$(share)/fish/vendor_completions.d/headroom.fish

install: build ## to PREFIX, /usr/local, with man pages and completions
	mkdir -p $(bin) $(share)/man/man1 $(dir $(completions))
	install -m 755 $(PROGRAM) $(bin)/headroom
	install -m 644 docs/man/*.1 $(share)/man/man1
	$(PROGRAM) completion bash >$(word 1,$(completions))
	$(PROGRAM) completion zsh >$(word 2,$(completions))
	$(PROGRAM) completion fish >$(word 3,$(completions))

uninstall:
	rm -f $(bin)/headroom $(addprefix $(share)/man/man1/,$(notdir $(wildcard docs/man/*.1))) $(completions)

run: ## the three estimates
	$(GO) run ./cmd/headroom estimate

# A busy machine may take longer than go test's ten minutes for a package.
test:
	$(GO) test -timeout 30m ./...

# Tests draw the same random cases on every run; this draws others, from SEED=…
# or else the clock. What is found is seen again with the line that it prints.
explore:
	@GO=$(GO) .ci/explore $(SEED)

lint:
	@unformatted=$$(gofmt -l cmd pkg pricing profiles); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w these:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@dead=$$($(GO) tool deadcode ./cmd/...) || exit 1; \
	if [ -n "$$dead" ]; then echo "No program reaches these; remove them:"; echo "$$dead"; exit 1; fi
	$(GO) tool revive -config .revive.toml ./...

# Writes the expected outputs anew; look at the difference before committing.
golden:
	$(GO) test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' cmd pkg | xargs -n1 dirname | sort -u | sed 's,^,./,') -update

fuzz:
	GO=$(GO) .ci/fuzz $(FUZZTIME)

fuzz-long: ## 100,000 executions of every fuzz target: some half an hour
	GO=$(GO) .ci/fuzz 100000x

# Go benchmarks of the packages, then time and memory of the whole process for
# estimate on one core. The aims are 50 ms and 50 MB for the references.
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./pkg/...
	$(GO) test -run '^$$' -bench . -benchtime 20x ./cmd/headroom

docs: ## docs/commands, docs/man and the texts of keys, from the commands and the comments
	$(GO) generate ./pkg/...
	$(GO) run ./cmd/gendocs

ci:
	.ci/run
