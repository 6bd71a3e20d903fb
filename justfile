# The commands of this project. Each does nothing that its line here does not say, so they can be typed without `just`.

set shell := ["bash", "-euo", "pipefail", "-c"]

# What there is
default:
    @just --list --unsorted

# Everything that must hold before a change lands; CI runs the very same. Or single steps: `just check format lints`
check *STEPS:
    scripts/check {{ STEPS }}

# The service on a throw-away database that holds the published cases
run *ARGUMENTS:
    cargo run --locked -- serve --demo {{ ARGUMENTS }}

# The service on a throw-away PostgreSQL; `export CANDOUR_BOOTSTRAP_KEY=...` first
run-postgres:
    scripts/with-postgres bash -c 'CANDOUR_DATABASE_URL=$TEST_POSTGRES_URL cargo run --locked -- serve'

# Every test, on SQLite and on a real PostgreSQL
test *ARGUMENTS:
    scripts/test {{ ARGUMENTS }}

# Formats the code
format:
    cargo fmt --all

# Generates openapi/ anew, for review
openapi:
    scripts/openapi write

# Lets schemathesis attack the service on both databases for as long as it takes; CI does so with a fixed budget
attack:
    scripts/attack long

# Makes clients in seven languages from the contract; those for Python, TypeScript and Rust do the main job
clients *ARGUMENTS:
    scripts/clients {{ ARGUMENTS }}

# Writes docs/notice-checks.md anew from the table of checks, for review
notice-checks:
    CANDOUR_WRITE_DOCS=1 cargo test --locked --lib law::notice::document

# Measures; bench/README.md tells what and against what
bench *ARGUMENTS:
    bench/run {{ ARGUMENTS }}

# Runs the examples of README and docs, and compares what they print with what stands there
examples:
    scripts/examples

# Kills, fills, stops and crashes what the service stands on, for an hour or two; docs/reliability.md tells what for
faults *ARGUMENTS:
    scripts/faults --long {{ ARGUMENTS }}

# Fuzzes what reads the words of callers, ten minutes for each target; or `just fuzz 60 citations`
fuzz *ARGUMENTS:
    scripts/fuzz {{ ARGUMENTS }}

# The bill of materials of the program, as CycloneDX
sbom:
    scripts/sbom

# The documentation of the code, opened
docs:
    cargo doc --locked --no-deps --open

# Lints the Dockerfile
docker-lint:
    scripts/check dockerfile

# Builds the image
docker-build:
    docker build --tag candour .

# Goes through the Dockerfile's steps without a container engine
docker-prove:
    scripts/prove-dockerfile

# Known vulnerabilities of the dependencies; fetches their database, which CI cannot
advisories:
    "$(scripts/lint-tool cargo-deny)" --locked check advisories
