using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProSaas.Tests.Deploy;

/// <summary>
/// The system's nginx behind the start script and the templates of the image, as a user that may write nowhere but below its own
/// folder. Where the image has ports 8080 and 8443 this has free ones.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class NginxProcess : IAsyncDisposable
{
    public const string Domain = "example.com";

    private static readonly string[] Places = ["/usr/sbin", .. Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)];

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;
    private readonly X509Certificate2Collection _certificates = [];
    private readonly int _port;
    private readonly int _tlsPort;

    private NginxProcess(ChildProcess process, DirectoryInfo folder, X509Certificate2? certificate, int port, int tlsPort)
    {
        (_process, _folder, _port, _tlsPort) = (process, folder, port, tlsPort);
        if (certificate is not null)
        {
            _certificates.Add(certificate);
        }

        Http = CreateClient();
    }

    /// <summary>Asks nginx whatever the host in the address; over https it trusts the certificate of the test alone.</summary>
    public HttpClient Http { get; }

    /// <summary>Where nginx keeps what it writes.</summary>
    public DirectoryInfo RunFolder => new(Path.Combine(_folder.FullName, "run"));

    public string Console => File.ReadAllText(Path.Combine(_folder.FullName, "run", "console.log"));

    /// <summary>Where proofs for the authority of certificates lie.</summary>
    public DirectoryInfo AcmeFolder => new(Path.Combine(_folder.FullName, "acme"));

    /// <summary>Skips the test where a program is missing, and says how to install it.</summary>
    public static void Need()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "nginx is started by a shell script.");
        Assert.SkipWhen(Find("nginx") is null || Find("envsubst") is null,
            "nginx or envsubst is not installed: on Debian, 'apt-get install nginx-light gettext-base'");
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="api">Where the API listens.</param>
    /// <param name="n8n">Where n8n listens.</param>
    /// <param name="resolvers">The name server's address.</param>
    /// <param name="tls">Whether it has a certificate.</param>
    /// <param name="n8nOpen">The setting <c>N8N_OPEN</c>.</param>
    /// <param name="more">Directives that are added to the block <c>http</c> of a server without a certificate.</param>
    public static async Task<NginxProcess> StartAsync(
        string api, string n8n, string resolvers = "127.0.0.1", bool tls = false, string? n8nOpen = "true", string more = "")
    {
        var folder = Directory.CreateTempSubdirectory("prosaas-nginx-");
        var certificate = tls ? CreateCertificate(folder.FullName) : null;
        var (port, tlsPort) = (FreePorts.Next(), FreePorts.Next());
        var process = Launch(folder, more, new()
        {
            ["DOMAIN"] = Domain,
            ["API_UPSTREAM"] = api,
            ["N8N_UPSTREAM"] = n8n,
            ["N8N_OPEN"] = n8nOpen,
            ["RESOLVERS"] = resolvers,
            ["HTTP_LISTEN"] = $"127.0.0.1:{port}",
            ["HTTPS_LISTEN"] = $"127.0.0.1:{tlsPort}",
            ["TLS_FOLDER"] = tls ? folder.FullName : null,
            ["ACME_FOLDER"] = Path.Combine(folder.FullName, "acme"),
        });
        var nginx = new NginxProcess(process, folder, certificate, port, tlsPort);
        await Eventually.TrueAsync(nginx.IsUpAsync, "nginx answers /health", seconds: 30);
        return nginx;
    }

    /// <summary>Runs the start script with settings that it refuses; standard error and exit code.</summary>
    public static async Task<(int ExitCode, string Said)> RefuseAsync(params (string Name, string? Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("prosaas-nginx-");
        Dictionary<string, string?> environment = new()
        {
            ["DOMAIN"] = Domain,
            ["API_UPSTREAM"] = "http://127.0.0.1:9",
            ["N8N_UPSTREAM"] = "http://127.0.0.1:9",
            ["RESOLVERS"] = "127.0.0.1",
            ["HTTP_LISTEN"] = $"127.0.0.1:{FreePorts.Next()}",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        try
        {
            await using var process = Launch(folder, more: "", environment);
            var code = await process.WaitForExitAsync(seconds: 30);
            return (code, await File.ReadAllTextAsync(
                Path.Combine(folder.FullName, "run", "console.log"), TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A client of its own, with an address of its own.</summary>
    public HttpClient CreateClient(string address = "127.0.0.1") => new(CreateHandler(address)) { Timeout = TimeSpan.FromSeconds(60) };

    public SocketsHttpHandler CreateHandler(string address = "127.0.0.1") => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, token) =>
            await ConnectAsync(address, context.DnsEndPoint.Port is 443 ? _tlsPort : _port, token),
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = TrustNoOther(),
        },
    };

    /// <summary>A connection without TLS, for what no client sends.</summary>
    public Task<NetworkStream> ConnectAsync(string address = "127.0.0.1") =>
        ConnectAsync(address, _port, TestContext.Current.CancellationToken);

    /// <summary>What the console says from now on ends with this line sooner or later.</summary>
    public Task UntilConsoleSaysAsync(string text) =>
        Eventually.TrueAsync(() => Console.Contains(text, StringComparison.Ordinal), $"nginx says '{text}'");

    /// <summary>Puts another certificate in place and tells nginx, as the guide says; its serial number.</summary>
    public string RenewCertificate()
    {
        _certificates.Add(CreateCertificate(_folder.FullName));
        _process.Signal(PosixSignal.SIGHUP);
        return _certificates[^1].SerialNumber;
    }

    /// <summary>The serial number of the certificate that a new connection is shown.</summary>
    public async Task<string> ShownCertificateAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _tlsPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = Domain, CertificateChainPolicy = TrustNoOther() },
            TestContext.Current.CancellationToken);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Signal(PosixSignal.SIGTERM);
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
        foreach (var certificate in _certificates)
        {
            certificate.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<NetworkStream> ConnectAsync(string address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private X509ChainPolicy TrustNoOther()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_certificates);
        return policy;
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"nginx ended with {_process.ExitCode}:\n{Console}");
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri("http://localhost/health"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void CopyImage(DirectoryInfo folder)
    {
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var child in (string[])["bin", "templates", "acme", "run"])
        {
            folder.CreateSubdirectory(child).UnixFileMode = Readable;
        }

        folder.UnixFileMode = Readable;
        new DirectoryInfo(Path.Combine(folder.FullName, "run")).UnixFileMode = Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        var image = Path.Combine(Repository.Root, "deploy", "nginx");
        foreach (var template in Directory.GetFiles(Path.Combine(image, "templates")))
        {
            File.Copy(template, Path.Combine(folder.FullName, "templates", Path.GetFileName(template)));
        }

        File.Copy(Path.Combine(image, "start.sh"), Path.Combine(folder.FullName, "bin", "start.sh"));

        // An nginx before 1.25.1 takes HTTP/2 as a word of "listen" only.
        var nginx = Path.Combine(folder.FullName, "bin", "nginx");
        File.WriteAllText(nginx, $"""
            #!/bin/sh
            case $({Find("nginx")} -v 2>&1) in
              */1.[0-9].* | */1.1[0-9].* | */1.2[0-4].* | */1.25.0*) sed -i 's/ ssl;/ ssl http2;/; /^http2 on;/d' "$RUN_FOLDER/listen-tls.conf" ;;
            esac
            exec {Find("nginx")} "$@"

            """);
        foreach (var program in Directory.GetFiles(Path.Combine(folder.FullName, "bin")))
        {
            File.SetUnixFileMode(program, Readable);
        }
    }

    private static ChildProcess Launch(DirectoryInfo folder, string more, Dictionary<string, string?> settings)
    {
        CopyImage(folder);
        File.WriteAllText(Path.Combine(folder.FullName, "templates", "servers-plain-more.conf"), more);
        // The user may open no pipe of another user's, which /dev/stdout would be.
        string[] command =
        [
            "/bin/sh", "-c", "exec \"$0\" >>\"$1\" 2>&1 </dev/null", Path.Combine(folder.FullName, "bin", "start.sh"),
            Path.Combine(folder.FullName, "run", "console.log"),
        ];
        return ChildProcess.Start(
            command,
            [
                new("PATH", $"{Path.Combine(folder.FullName, "bin")}:/usr/bin:/bin"),
                new("TEMPLATES", Path.Combine(folder.FullName, "templates")),
                new("RUN_FOLDER", Path.Combine(folder.FullName, "run")),
                .. settings,
            ],
            Environment.UserName == "root" ? "nobody" : null);
    }

    private static X509Certificate2 CreateCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Self-signed ones of the same name would be taken for each other.
        var request = new CertificateRequest($"CN={Domain}, OU={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Domain);
        names.AddDnsName($"n8n.{Domain}");
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static string? Find(string program) => Places.Select(place => Path.Combine(place, program)).FirstOrDefault(File.Exists);
}
