# Local stand-ins for the base images that registries serve, on this machine's own Debian: the programs of this machine, and Debian's.
ARG DEBIAN_IMAGE
FROM $DEBIAN_IMAGE AS debian
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && update-ca-certificates && apt-get update -qq
ENV DEBIAN_FRONTEND=noninteractive

FROM debian AS runtime
ARG LIBRARIES
RUN apt-get install -y -qq --no-install-recommends $LIBRARIES && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
COPY --from=dotnet dotnet /usr/share/dotnet/
COPY --from=dotnet host /usr/share/dotnet/host
COPY --from=dotnet shared /usr/share/dotnet/shared
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080

FROM runtime AS sdk
COPY --from=dotnet . /usr/share/dotnet/
ENV NUGET_PACKAGES=/packages

FROM debian AS postgres
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get install -y -qq --no-install-recommends postgresql
COPY postgres.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["postgres.sh"]

FROM debian AS node
# It does not read the system's certificates by itself.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN useradd --create-home node
COPY --from=node bin/node /usr/bin/
COPY --from=node lib/node_modules/npm /usr/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm && node --version

FROM debian AS nginx
RUN apt-get install -y -qq --no-install-recommends nginx-light gettext-base wget
