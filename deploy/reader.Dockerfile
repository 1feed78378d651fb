# pcscd with the virtual reader, and one virtual card in it. Its socket in /run/pcscd can be shared with a terminal.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/epurse
COPY . .
# builds everything, the PC/SC modules and the packages they need included
RUN ./epurse readers || true
VOLUME /var/lib/epurse
CMD ["./deploy/reader.sh"]
