using System.Buffers;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Otlp.Wire;
using Google.Protobuf;
using Microsoft.Net.Http.Headers;

namespace Aspire.Dashboard.Otlp;

/// <summary>OTLP over HTTP, with protobuf bodies: <c>POST /v1/traces</c>, <c>/v1/logs</c> and <c>/v1/metrics</c>.</summary>
internal static class OtlpHttpEndpoints
{
    private const string Protobuf = "application/x-protobuf";

    public static void MapOtlpHttp(this IEndpointRouteBuilder routes, TelemetryIntake intake)
    {
        Map("traces", intake.AddSpans);
        Map("logs", intake.AddLogs);
        Map("metrics", intake.AddMetrics);

        void Map(string signal, Func<ReadOnlySequence<byte>, ExportResponse> add) =>
            routes.MapPost($"/v1/{signal}", context => ReceiveAsync(context, add)).WithMetadata(new ListenerMetadata(Listener.OtlpHttp));
    }

    /// <summary>Answers with an error as the protocol has it: a <c>google.rpc.Status</c>.</summary>
    public static Task RefuseAsync(HttpContext context, int status, GrpcStatus code, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ErrorStatus { Code = (int)code, Message = message });
    }

    private static async Task ReceiveAsync(HttpContext context, Func<ReadOnlySequence<byte>, ExportResponse> add)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, GrpcStatus.InvalidArgument, $"The content type must be {Protobuf}.");
            return;
        }

        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (!BodyReader.IsSupported(encoding))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, GrpcStatus.InvalidArgument, "The content encoding must be gzip or none.");
            return;
        }

        try
        {
            if (await BodyReader.ReadAsync(context.Request.Body, encoding, context.RequestAborted) is { } message)
            {
                await WriteAsync(context, add(message));
                return;
            }

            await TooLargeAsync(context);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await TooLargeAsync(context);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, GrpcStatus.InvalidArgument, "The body is not the protobuf message that this path takes.");
        }
    }

    private static Task TooLargeAsync(HttpContext context) => RefuseAsync(
        context, StatusCodes.Status413PayloadTooLarge, GrpcStatus.ResourceExhausted, $"The body has more than {BodyReader.MaxBytes} bytes: export smaller batches.");

    private static Task WriteAsync(HttpContext context, IMessage answer)
    {
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = answer.CalculateSize();
        return context.Response.Body.WriteAsync(answer.ToByteArray(), context.RequestAborted).AsTask();
    }
}
