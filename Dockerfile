# Maelstrom and Node.js, run by an unprivileged user, for nodes in JavaScript and TypeScript and for self-contained executables:
#
#     docker build -t maelstrom .
#     docker run --rm --init -v "$PWD:/work" --user "$(id -u):$(id -g)" maelstrom test -w echo --bin echo.ts
FROM node:22-slim AS package
WORKDIR /source
COPY . .
RUN sh scripts/prepare.sh && node scripts/pack.mjs /package && mv /package/*.tgz /package/maelstrom.tgz

FROM node:22-slim
COPY --from=package /package/maelstrom.tgz /tmp/maelstrom.tgz
RUN npm install --global --omit=peer --no-audit --no-fund /tmp/maelstrom.tgz && npm cache clean --force && rm /tmp/maelstrom.tgz
# Writable for whoever runs it, so that `demo` and `new` work without a folder of the host.
RUN mkdir -m 1777 /work
WORKDIR /work
USER node
ENTRYPOINT ["maelstrom"]
CMD ["--help"]
