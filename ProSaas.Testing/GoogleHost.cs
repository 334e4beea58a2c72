using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Testing;

/// <summary>A gRPC server on the loopback address in Google's place, with a certificate and credentials that an API can be told to trust and use.</summary>
public sealed class GoogleHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private GoogleHost(WebApplication app, DirectoryInfo folder) => (_app, _folder) = (app, folder);

    /// <summary>The settings that make an API use this server, and trust its certificate.</summary>
    public (string Name, string Value)[] Environment
    {
        get
        {
            var port = new Uri(_app.Address()).Port;
            return
            [
                ("Speech__GoogleEndpoint", $"localhost:{port}"),
                ("GOOGLE_APPLICATION_CREDENTIALS", Path.Combine(_folder.FullName, "credentials.json")),
                ("SSL_CERT_FILE", Path.Combine(_folder.FullName, "server.pem")),
            ];
        }
    }

    /// <param name="calls">Answers the calls.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<GoogleHost> StartAsync<TCalls>(TCalls calls, CancellationToken cancellationToken)
        where TCalls : class
    {
        var folder = Directory.CreateTempSubdirectory("prosaas-google-");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var today = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "server.pem"), certificate.ExportCertificatePem(), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "credentials.json"),
            JsonSerializer.Serialize(new
            {
                type = "service_account",
                project_id = "tests",
                private_key_id = "1",
                private_key = key.ExportPkcs8PrivateKeyPem(),
                client_email = "speech@tests.example",
                client_id = "1",
                token_uri = "https://localhost/token",
            }),
            cancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddGrpc(grpc => grpc.MaxSendMessageSize = null);
        builder.Services.AddSingleton(calls);
        var app = builder.Build();
        app.MapGrpcService<TCalls>();
        await app.StartAsync(cancellationToken);
        return new GoogleHost(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
