# The daily commands. `just` lists them; each is one line that can also be typed by hand.

# Lists the recipes.
default:
    @just --list

# Compiles everything, without building it.
check:
    cargo check --workspace --all-targets

# Formats, and looks for what the lints find.
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

# Runs all tests that need nothing but Rust.
test:
    cargo test

# Runs all tests, or a part of them: just all ssh
all *PART:
    tests/run {{PART}}

# Runs one suite, or the tests of it with a name, whatever they need: just suite cli golden
suite NAME *FILTER:
    cargo test -p ploy-tests --test {{NAME}} {{FILTER}} -- --include-ignored

# Runs the tests of what does not compile. To write their messages anew: TRYBUILD=overwrite just ui
ui:
    cargo test -p ploy-ui-tests --test ui -- --include-ignored

# Writes the golden output of the command line anew, and shows what has changed.
golden:
    PLOY_GOLDEN=write cargo test -p ploy-tests --test cli golden -- --include-ignored
    git diff --stat tests/golden

# Builds the reference with all features, without warnings, and tests the pages.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
    cargo test -p ploy-tests --test docs

# Measures the engine.
bench:
    cargo bench -p ploy-benches

# Makes a project that uses ploy: just new ../deploy
new PATH:
    cargo run -p ploy-cli --example new -- {{PATH}}

# Checks licences, advisories and sources of all dependencies (needs cargo-deny).
deny:
    cargo deny check

# What CI runs.
ci:
    .ci/run
