# Local stand-ins for the base images that registries serve, on this machine's own Debian: the programs of this machine, and Debian's.
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

FROM debian AS postgres
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get install -y -qq --no-install-recommends postgresql
COPY postgres.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
# As its own image has it: do not wait for those who are connected.
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres.sh"]

FROM debian AS node
# It does not read the system's certificates by itself.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN useradd --create-home node
COPY --from=node-home bin/node /usr/bin/
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
