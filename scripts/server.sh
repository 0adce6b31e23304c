# The binary under test: sets LOQUAT_BIN. Source it after lib.sh.
# Its profile has release's panic behaviour and optimisation without link-time optimisation, which would cost
# minutes and change nothing that a test can see. `cargo build --release` is what `make run` and benches use.
SERVER_PROFILE=test-server
export LOQUAT_BIN="${LOQUAT_BIN:-$CARGO_TARGET_DIR/$SERVER_PROFILE/loquat}"

build_server() { cargo build --profile "$SERVER_PROFILE" --locked --package loquat --bin loquat; }
need_server() { [ -x "$LOQUAT_BIN" ] || build_server; }
