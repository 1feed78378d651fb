# The issuer's back office. The same set-up a person runs: ./epurse installs what is missing and builds.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/epurse
COPY . .
# builds everything, the dashboard included
RUN ./epurse issuer serve --help
RUN useradd --system --home-dir /var/lib/epurse --create-home epurse
USER epurse
VOLUME /var/lib/epurse
EXPOSE 8420
CMD ["./epurse", "issuer", "serve", "--host", "0.0.0.0", "--port", "8420", "--name", "issuer"]
