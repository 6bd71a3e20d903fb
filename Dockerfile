# Candour in a container: built from source, run without a shell, without root and without anything but the binary.
#
#   docker build -t candour .
#   docker run -p 8080:8080 -v candour:/data -e CANDOUR_BOOTSTRAP_KEY=... candour
#   docker run -p 8080:8080 -e CANDOUR_DATABASE_URL=postgres://... -e CANDOUR_BOOTSTRAP_KEY=... candour
#
# It runs with --read-only: only /data is ever written. scripts/prove-dockerfile goes through these very steps where
# there is no container engine.

FROM rust:1.95-slim-bookworm AS build

# SQLite, libpq and its TLS are compiled in: perl and make build OpenSSL, gcc builds all three; the certificates go into the image.
# The base image fixes the release of Debian, and none of these packages ends up in the second stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev make perl \
    && rm -rf /var/lib/apt/lists/*

SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /build
# .cargo/config.toml comes along: it holds the options SQLite is compiled with, which the start-up checks.
COPY . .
# Packed relocations are a megabyte less; glibc knows them from 2.36 on, the version of this release of Debian.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo rustc --release --locked --bin candour -- -C link-arg=-Wl,-z,pack-relative-relocs \
    && mkdir -p image/usr/local/bin image/etc/ssl/certs data \
    && cp target/release/candour image/usr/local/bin/candour \
    && ldd target/release/candour | grep -o '/[^ ]*' | xargs cp --parents --dereference --target-directory image \
    && cp /etc/ssl/certs/ca-certificates.crt image/etc/ssl/certs/ \
    && echo 'candour:x:65532:65532::/data:/sbin/nologin' > image/etc/passwd

# The program, the parts of glibc that it is linked to, the certificates of public authorities and a user; no shell, no
# package manager, nothing else. A rebuild takes the C library and the certificates that the build image has then.
FROM scratch

LABEL org.opencontainers.image.title="Candour" \
      org.opencontainers.image.description="Freedom-of-information casework as a service" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /build/image/ /
COPY --from=build --chown=65532:65532 /build/data /data

# The OpenSSL that is compiled in looks for certificates elsewhere, and SQLite's temporary files must stay on the one folder that may be written.
ENV CANDOUR_LISTEN=0.0.0.0:8080 \
    CANDOUR_DATABASE_URL=sqlite:///data/candour.db \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    SQLITE_TMPDIR=/data

# By number, so that an orchestrator can see that it is not root.
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["/usr/local/bin/candour", "healthcheck"]

ENTRYPOINT ["/usr/local/bin/candour"]
CMD ["serve"]
