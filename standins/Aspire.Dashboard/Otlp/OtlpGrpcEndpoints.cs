using System.Buffers;
using System.Buffers.Binary;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Otlp.Wire;
using Google.Protobuf;

namespace Aspire.Dashboard.Otlp;

/// <summary>
/// OTLP over gRPC: three calls with one message there and one back. Written out here, because a gRPC library does not say what is
/// wrong with a message that it cannot read, sets no bound to one that it unpacks, and costs time when the application starts.
/// The format is https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md.
/// </summary>
internal static class OtlpGrpcEndpoints
{
    private const string ContentType = "application/grpc";
    private const int HeaderBytes = 5;

    public static void MapOtlpGrpc(this IEndpointRouteBuilder routes, TelemetryIntake intake)
    {
        Map("trace", "Trace", intake.AddSpans);
        Map("logs", "Logs", intake.AddLogs);
        Map("metrics", "Metrics", intake.AddMetrics);

        void Map(string package, string service, Func<ReadOnlySequence<byte>, ExportResponse> add) =>
            routes.MapPost($"/opentelemetry.proto.collector.{package}.v1.{service}Service/Export", context => ReceiveAsync(context, add))
                .WithMetadata(new ListenerMetadata(Listener.OtlpGrpc));
    }

    /// <summary>Ends the call with an error.</summary>
    public static Task RefuseAsync(HttpContext context, GrpcStatus status, string message)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
        SetStatus(context, status, message);
        return Task.CompletedTask;
    }

    private static async Task ReceiveAsync(HttpContext context, Func<ReadOnlySequence<byte>, ExportResponse> add)
    {
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is not true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (!BodyReader.IsSupported(encoding))
        {
            await RefuseAsync(context, GrpcStatus.Unimplemented, "Messages may be packed with gzip or not at all.");
            return;
        }

        try
        {
            var body = await BodyReader.ReadAsync(context.Request.Body, encoding: null, context.RequestAborted);
            var message = body is { } frame ? await UnpackAsync(frame, encoding, context.RequestAborted) : null;
            if (message is null)
            {
                await TooLargeAsync(context);
                return;
            }

            var answer = add(message.Value).ToByteArray();
            context.Response.ContentType = ContentType;
            var header = new byte[HeaderBytes + answer.Length];
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), (uint)answer.Length);
            answer.CopyTo(header, HeaderBytes);
            await context.Response.Body.WriteAsync(header, context.RequestAborted);
            SetStatus(context, GrpcStatus.Ok, message: null);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await TooLargeAsync(context);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            await RefuseAsync(context, GrpcStatus.InvalidArgument, "The message is not the one that this method takes.");
        }
    }

    /// <summary>The one message in the body of a call.</summary>
    /// <exception cref="InvalidDataException">It is cut off, or more follows.</exception>
    private static async Task<ReadOnlySequence<byte>?> UnpackAsync(ReadOnlySequence<byte> body, string encoding, CancellationToken cancellationToken)
    {
        var frame = body.First;
        if (frame.Length < HeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]) != frame.Length - HeaderBytes || frame.Span[0] > 1)
        {
            throw new InvalidDataException("The frame is not one message.");
        }

        var content = frame[HeaderBytes..];
        if (frame.Span[0] == 0)
        {
            return new ReadOnlySequence<byte>(content);
        }

        using var packed = new MemoryStream(content.ToArray(), writable: false);
        return await BodyReader.ReadAsync(packed, encoding, cancellationToken);
    }

    private static Task TooLargeAsync(HttpContext context) =>
        RefuseAsync(context, GrpcStatus.ResourceExhausted, $"The message has more than {BodyReader.MaxBytes} bytes: export smaller batches.");

    private static void SetStatus(HttpContext context, GrpcStatus status, string? message)
    {
        // Before the body has begun they are headers, after it trailers: both are gRPC.
        var target = context.Response.HasStarted && context.Response.SupportsTrailers() ? null : context.Response.Headers;
        Set("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message is not null)
        {
            Set("grpc-message", Uri.EscapeDataString(message).Replace("%20", " ", StringComparison.Ordinal));
        }

        void Set(string name, string value)
        {
            if (target is null)
            {
                context.Response.AppendTrailer(name, value);
            }
            else
            {
                target[name] = value;
            }
        }
    }
}
