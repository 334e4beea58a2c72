# The image of the migration worker, built from the root of the checkout. It runs to completion.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM --platform=$BUILDPLATFORM $SDK_IMAGE AS build
ARG TARGETARCH
# The build takes these as properties. The code was analysed before it was committed.
ENV PublishReadyToRun=true UseAppHost=false RunAnalyzers=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src

# First what the restore reads, so that it is done again only when that changes. A package that is not the one in the lock file ends it.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY ProSaas.MigrationWorker/*.csproj ProSaas.MigrationWorker/packages.lock.json ProSaas.MigrationWorker/
COPY ProSaas.Data/*.csproj ProSaas.Data/packages.lock.json ProSaas.Data/
COPY ProSaas.ServiceDefaults/*.csproj ProSaas.ServiceDefaults/packages.lock.json ProSaas.ServiceDefaults/
RUN dotnet restore ProSaas.MigrationWorker -a $TARGETARCH --locked-mode

COPY .config .config
RUN dotnet tool exec cyclonedx --yes -- ProSaas.MigrationWorker/ProSaas.MigrationWorker.csproj --disable-package-restore --base-intermediate-output-path /src/artifacts/obj/ \
    --set-name prosaas-migrations --output-format Json --output /app --filename sbom.json

COPY ProSaas.MigrationWorker ProSaas.MigrationWorker
COPY ProSaas.Data ProSaas.Data
COPY ProSaas.ServiceDefaults ProSaas.ServiceDefaults
RUN dotnet publish ProSaas.MigrationWorker -a $TARGETARCH --no-restore --output /app

FROM $RUNTIME_IMAGE
# The runtime's diagnostics write to the file system, which may be read-only.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENTRYPOINT ["dotnet", "ProSaas.MigrationWorker.dll"]
