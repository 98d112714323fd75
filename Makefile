# Rollcall: every target does its own set-up on a fresh Debian machine that has Swift.
#
#   make demo      build, run the main job on samples/, write a review
#   make test      run every test
#   make build     build the release binary
#   make conformance   compare with other projects' logs where a copy of them is, and write the page
#   make sanitize  run every test under the address and the thread sanitizer
#   make lint      check the formatting, as the continuous integration does
#   make bench     measure the command beside the tools that others would pick
#   make fuzz      fuzz every reader for FUZZ_SECONDS each (default 5)
#   make install   install to PREFIX (default /usr/local), below DESTDIR when given
#   make packages  install missing system packages
#   make clean     remove what was built

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

PACKAGES = zlib1g-dev libcurl4-openssl-dev libssl-dev libmaxminddb-dev libsqlite3-dev pkg-config tzdata
BINARY = .build/release/rollcall
REVIEW = .build/demo-review
SHARE = $(DESTDIR)$(PREFIX)/share/rollcall
LINTED = Sources Tests Package.swift $(wildcard Benchmarks)

.PHONY: demo test sanitize build conformance lint bench fuzz install clean toolchain packages

# The demo's findings are the point, not a failure: without --fail-on they leave the exit code 0.
demo: build
	@rm -rf $(REVIEW)
	@# auth.log names no year, and git keeps no modification times: give it the one it was rotated at.
	@touch -d '2026-11-01 00:00:00 UTC' samples/logs/auth.log 2>/dev/null || true
	$(BINARY) scan samples/logs --config samples/rollcall.yaml --review $(REVIEW) --month 2026-10
	@echo
	@echo "The review: $(CURDIR)/$(REVIEW)/review.html"

test: toolchain packages
	$(SWIFT) test

# Each sanitizer is a build of its own beside the usual one. A leak at exit is no fault: names that
# live as long as the program are never freed. Tests of memory bounds stand aside for the sanitizer's own.
sanitize: export ROLLCALL_SANITIZED = 1
sanitize: toolchain packages
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build-asan
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan

# Swift's run-time library goes into the program: it starts in half the time and runs where no Swift is.
build: toolchain packages
	$(SWIFT) build -c release --product rollcall --static-swift-stdlib -Xswiftc -use-ld=lld

# CORPORA is a folder with `corpus/` in it; Tests/PipelinesTests/README.md says what that holds.
conformance: toolchain packages
	ROLLCALL_CONFORMANCE=write $(if $(CORPORA),ROLLCALL_SHARED="$(CORPORA)") \
	  $(SWIFT) test --filter 'ConformanceTests|AlertTests|AccountingTests|RowTableTests'

lint: toolchain
	$(SWIFT) format lint --strict --recursive $(LINTED)

# MB is the size of each log in megabytes; Benchmarks/README.md has the other measurements.
bench: toolchain packages
	Benchmarks/compare $(MB)

FUZZ_SECONDS ?= 5
fuzz: toolchain packages
	Benchmarks/fuzz all $(FUZZ_SECONDS)

# Builds only when there is no binary, so that `make build && sudo make install` compiles as the
# user and only copies as root.
install:
	@[ -x $(BINARY) ] || $(MAKE) build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)/detectors" "$(SHARE)/mappings"
	install -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/rollcall"
	cp -R detectors/. "$(SHARE)/detectors/"
	cp -R Sources/Events/Mappings/. "$(SHARE)/mappings/"

clean:
	rm -rf .build .build-asan .build-tsan

toolchain:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	  echo "Swift is not on the PATH; Rollcall needs Swift 6.3 or newer." >&2; \
	  echo "Install it from https://www.swift.org/install/linux/ and run make again." >&2; \
	  exit 1; }

# One dpkg-query when all is there; apt-get only for what is missing.
packages:
	@command -v dpkg-query >/dev/null 2>&1 || { \
	  echo "Not a Debian system; these must be installed by hand: $(PACKAGES)"; exit 0; }; \
	missing=; \
	installed=$$(dpkg-query -W -f '$${Package} $${db:Status-Status}\n' $(PACKAGES) 2>/dev/null); \
	for package in $(PACKAGES); do \
	  case "$$installed" in \
	    *"$$package installed"*) ;; \
	    *) missing="$$missing $$package" ;; \
	  esac; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then as=; \
	elif command -v sudo >/dev/null 2>&1; then as=sudo; \
	else \
	  echo "System packages are missing, and this user is not root and has no sudo. As root, run:" >&2; \
	  echo "  apt-get update && apt-get install -y --no-install-recommends$$missing" >&2; \
	  exit 1; \
	fi; \
	echo "Installing system packages:$$missing"; \
	log=$$(mktemp); \
	if $$as apt-get update -q >"$$log" 2>&1 && \
	   $$as env DEBIAN_FRONTEND=noninteractive \
	     apt-get install -y -q --no-install-recommends $$missing >>"$$log" 2>&1; \
	then rm -f "$$log"; \
	else \
	  tail -n 20 "$$log" >&2; rm -f "$$log"; \
	  echo "The installation failed. As root, run:" >&2; \
	  echo "  apt-get update && apt-get install -y --no-install-recommends$$missing" >&2; \
	  exit 1; \
	fi
