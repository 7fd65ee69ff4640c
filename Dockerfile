# syntax=docker/dockerfile:1
# The image holds the program, the certificates of the authorities and nothing
# else: no shell, no package manager. deploy/README.md says how it is run.

# What browsers load, from npm packages pinned by package-lock.json.
FROM node:22-bookworm AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY Makefile assets.mk ./
COPY static static
COPY templates templates
COPY app app
RUN touch node_modules/.package-lock.json && make assets

# One static binary.
FROM golang:1.26-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0
COPY go.mod go.sum ./
RUN go mod download
COPY main.go ./
COPY app app
COPY tenants tenants
COPY templates templates
COPY static static
COPY --from=assets /src/static/vendor static/vendor
ARG VERSION=unversioned
ARG COMMIT=none
RUN go build -trimpath -ldflags "-s -w -X gsl/app.version=${VERSION} -X gsl/app.commit=${COMMIT}" -o /image/gsl . \
 && mkdir -p /image/data /image/tmp /image/etc/ssl/certs \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'gsl:x:65532:65532::/data:/gsl' > /image/etc/passwd \
 && echo 'gsl:x:65532:' > /image/etc/group \
 && chmod 0700 /image/data && chmod 1777 /image/tmp && chown -R 65532:65532 /image/data

FROM scratch
COPY --from=build /image /
COPY LICENSE /LICENSE
# Zone files are in the binary. A health check and a command find the server by
# the same settings as the server itself.
ENV GSL_DATA=/data GSL_ADDR=0.0.0.0:8080
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/gsl", "health"]
ENTRYPOINT ["/gsl"]
CMD ["serve"]
