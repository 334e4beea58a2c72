using Grpc.Core;
using Grpc.Net.Client;

namespace Google.Cloud.TextToSpeech.V1;

/// <summary>Makes a <see cref="TextToSpeechClient"/>.</summary>
public sealed class TextToSpeechClientBuilder
{
    private const string DefaultEndpoint = "texttospeech.googleapis.com";

    /// <summary>A host, with a port unless it is 443; null for the worldwide one.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Gives an access token for an address; asked before each call.</summary>
    public Func<string, CancellationToken, Task<string>>? TokenAccessMethod { get; set; }

    /// <summary>The settings of calls; null for the default ones.</summary>
    public TextToSpeechSettings? Settings { get; set; }

    /// <summary>Makes the client. Its channel connects at the first call.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="TokenAccessMethod"/>:
    /// this stand-in finds no application default credentials.</exception>
    public TextToSpeechClient Build()
    {
        var access = TokenAccessMethod
            ?? throw new InvalidOperationException(
                $"{nameof(TokenAccessMethod)} is not set: the stand-in for Google.Cloud.TextToSpeech.V1 has no application default credentials.");
        var token = CallCredentials.FromInterceptor(async (call, metadata) =>
            metadata.Add("authorization", $"Bearer {await access(call.ServiceUrl, call.CancellationToken).ConfigureAwait(false)}"));
        var channel = GrpcChannel.ForAddress($"https://{Endpoint ?? DefaultEndpoint}", new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, token),

            // A few minutes of uncompressed audio are more than gRPC's own limit.
            MaxReceiveMessageSize = null,
        });
        return new TextToSpeechClient(channel.CreateCallInvoker(), Settings ?? new TextToSpeechSettings());
    }
}
