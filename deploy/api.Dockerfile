# The image of the API, built from the root of the checkout.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM --platform=$BUILDPLATFORM $SDK_IMAGE AS build
ARG TARGETARCH
# The build takes these as properties. The code was analysed before it was committed.
ENV PublishReadyToRun=true UseAppHost=false RunAnalyzers=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src

# First what the restore reads, so that it is done again only when that changes. A package that is not the one in the lock file ends it.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY ProSaas.Api/*.csproj ProSaas.Api/packages.lock.json ProSaas.Api/
COPY ProSaas.Data/*.csproj ProSaas.Data/packages.lock.json ProSaas.Data/
COPY ProSaas.ServiceDefaults/*.csproj ProSaas.ServiceDefaults/packages.lock.json ProSaas.ServiceDefaults/
COPY standins/Google.Cloud.TextToSpeech.V1/*.csproj standins/Google.Cloud.TextToSpeech.V1/packages.lock.json standins/Google.Cloud.TextToSpeech.V1/
RUN dotnet restore ProSaas.Api -a $TARGETARCH --locked-mode

COPY .config .config
RUN dotnet tool exec cyclonedx --yes -- ProSaas.Api/ProSaas.Api.csproj --disable-package-restore --base-intermediate-output-path /src/artifacts/obj/ \
    --set-name prosaas-api --output-format Json --output /app --filename sbom.json

COPY ProSaas.Api ProSaas.Api
COPY ProSaas.Data ProSaas.Data
COPY ProSaas.ServiceDefaults ProSaas.ServiceDefaults
COPY standins/Google.Cloud.TextToSpeech.V1 standins/Google.Cloud.TextToSpeech.V1
RUN dotnet publish ProSaas.Api -a $TARGETARCH --no-restore --output /app

FROM $RUNTIME_IMAGE
# The voice that needs no account, and what makes MP3 and Ogg of it.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends espeak-ng ffmpeg \
 && rm -rf /var/lib/apt/lists/*
# The runtime's diagnostics write to the file system, which may be read-only.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["dotnet", "ProSaas.Api.dll", "--probe", "http://127.0.0.1:8080/api/health"]
ENTRYPOINT ["dotnet", "ProSaas.Api.dll"]
