using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Dashboard.Otlp.Wire;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

public sealed class OtlpErrorTests : IAsyncLifetime
{
    private const int HundredMegabytes = 100 * 1024 * 1024;
    private const string TraceMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static readonly byte[] Garbage = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
    private DashboardStage _stage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stage = await DashboardStage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("traces")]
    [InlineData("logs")]
    [InlineData("metrics")]
    public async Task Garbage_over_http_is_refused_with_a_status(string signal)
    {
        using var sender = _stage.CreateSender();
        using var answer = await sender.PostAsync($"/v1/{signal}", DashboardStage.Protobuf(Garbage), Token);

        await ShouldBeRefusedAsync(answer, HttpStatusCode.BadRequest, code: 3);
        await ShouldStillTakeSpansAsync();
    }

    [Fact]
    public async Task Other_content_over_http_is_an_unsupported_media_type()
    {
        using var sender = _stage.CreateSender();
        using var json = await sender.PostAsync("/v1/traces", new StringContent("{}", MediaTypeHeaderValue.Parse("application/json")), Token);
        var packed = DashboardStage.Protobuf([]);
        packed.Headers.ContentEncoding.Add("br");
        using var brotli = await sender.PostAsync("/v1/traces", packed, Token);

        await ShouldBeRefusedAsync(json, HttpStatusCode.UnsupportedMediaType, code: 3);
        await ShouldBeRefusedAsync(brotli, HttpStatusCode.UnsupportedMediaType, code: 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("another")]
    public async Task Wrong_key_is_unauthenticated(string key)
    {
        using var sender = _stage.CreateSender(key);
        using var answer = await sender.PostAsync("/v1/traces", DashboardStage.Protobuf(Spans.Request("api", Spans.Wire(1)).ToByteArray()), Token);
        using var grpc = _stage.CreateGrpcSender(key);

        await ShouldBeRefusedAsync(answer, HttpStatusCode.Unauthorized, code: 16);
        (await CallAsync(grpc, Framed(Spans.Request("api", Spans.Wire(1)).ToByteArray()))).Status.ShouldBe("16");
        _stage.Store.GetResources().ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_of_100_megabytes_is_too_large()
    {
        using var sender = _stage.CreateSender();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = DashboardStage.Protobuf(new byte[HundredMegabytes]) };
        request.Headers.ExpectContinue = true;
        using var answer = await sender.SendAsync(request, Token);

        await ShouldBeRefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, code: 8);
        await ShouldStillTakeSpansAsync();
    }

    [Fact]
    public async Task Body_that_unpacks_to_100_megabytes_is_too_large()
    {
        using var sender = _stage.CreateSender();
        var body = DashboardStage.Protobuf(Packed(new byte[HundredMegabytes]));
        body.Headers.ContentEncoding.Add("gzip");
        using var answer = await sender.PostAsync("/v1/traces", body, Token);
        using var grpc = _stage.CreateGrpcSender();

        await ShouldBeRefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, code: 8);
        (await CallAsync(grpc, Framed(Packed(new byte[HundredMegabytes]), isPacked: true), "gzip")).Status.ShouldBe("8");
    }

    [Fact]
    public async Task Packed_spans_arrive_over_both_protocols()
    {
        using var sender = _stage.CreateSender();
        var body = DashboardStage.Protobuf(Packed(Spans.Request("http", Spans.Wire(1)).ToByteArray()));
        body.Headers.ContentEncoding.Add("gzip");
        using var answer = await sender.PostAsync("/v1/traces", body, Token);
        using var grpc = _stage.CreateGrpcSender();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(grpc, Framed(Packed(Spans.Request("grpc", Spans.Wire(2)).ToByteArray()), isPacked: true), "gzip")).Status.ShouldBe("0");
        _stage.Store.GetResources().Select(own => own.Resource.Name).ShouldBe(["grpc", "http"]);
    }

    [Fact]
    public async Task Garbage_over_grpc_is_an_invalid_argument()
    {
        using var grpc = _stage.CreateGrpcSender();

        (await CallAsync(grpc, Framed(Garbage))).Status.ShouldBe("3");
        (await CallAsync(grpc, Garbage)).Status.ShouldBe("3");
        (await CallAsync(grpc, [])).Status.ShouldBe("3");
        (await CallAsync(grpc, Framed(Garbage, isPacked: true), "gzip")).Status.ShouldBe("3");
        (await CallAsync(grpc, Framed([]), "snappy")).Status.ShouldBe("12");
        (await CallAsync(grpc, Framed([]), method: "/opentelemetry.proto.collector.trace.v1.TraceService/Import")).Status.ShouldBe("12");
        (await CallAsync(grpc, Framed(Spans.Request("api", Spans.Wire(1)).ToByteArray()))).Status.ShouldBe("0");
    }

    [Fact]
    public async Task Message_of_100_megabytes_over_grpc_exhausts_the_resource()
    {
        using var grpc = _stage.CreateGrpcSender();

        (await CallAsync(grpc, Framed(new byte[HundredMegabytes]))).Status.ShouldBe("8");
        (await CallAsync(grpc, Framed(Spans.Request("api", Spans.Wire(1)).ToByteArray()))).Status.ShouldBe("0");
    }

    [Fact]
    public async Task Span_of_10000_attributes_keeps_the_first_and_counts_the_others()
    {
        var span = Spans.Wire(1);
        span.Attributes.Add(new KeyValue { Key = "nested", Value = new() { KvlistValue = new() { Values = { Spans.Attribute("a", "<b>") } } } });
        span.Attributes.AddRange(Enumerable.Range(1, 9_999).Select(number => Spans.Attribute($"attribute {number}", new string('x', number == 1 ? 10_000 : 100))));

        await SendAsync(Spans.Request("api", span));

        var kept = _stage.Store.GetTrace(Spans.TraceId)!.Nodes.Single().Span;
        (kept.Attributes.Count, kept.Dropped).ShouldBe((128, 9_872));
        kept.Attributes[0].ShouldBe(new KeyValuePair<string, string>("nested", """{"a":"<b>"}"""));
        kept.Attributes.Max(attribute => attribute.Value.Length).ShouldBe(8 * 1024 + 1);
    }

    [Fact]
    public async Task Trace_of_50000_spans_in_one_body_keeps_the_latest_10000()
    {
        await SendAsync(Spans.Request("api", Enumerable.Range(1, 50_000).Select(id => Spans.Wire(id, parent: id - 1))));

        var trace = _stage.Store.GetTrace(Spans.TraceId).ShouldNotBeNull();
        trace.Nodes.Count.ShouldBe(10_000);
        (trace.Nodes[0].Span.SpanId, trace.Nodes[0].ParentIsMissing, trace.Nodes[^1].Depth).ShouldBe(($"{40_001:x16}", true, 9_999));
    }

    [Fact]
    public async Task Span_without_ids_is_rejected_and_the_others_are_kept()
    {
        var without = Spans.Wire(1);
        without.TraceId = ByteString.CopyFrom(1, 2, 3);
        using var sender = _stage.CreateSender();
        using var answer = await sender.PostAsync("/v1/traces", DashboardStage.Protobuf(Spans.Request("api", without, Spans.Wire(2)).ToByteArray()), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ExportResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync(Token)).PartialSuccess.Rejected.ShouldBe(1);
        _stage.Store.GetResources().Single().SpanCount.ShouldBe(1);
    }

    [Fact]
    public async Task Times_out_of_range_and_an_end_before_the_start_do_no_harm()
    {
        var eternal = Spans.Wire(1);
        eternal.EndTimeUnixNano = ulong.MaxValue;
        var backward = Spans.Wire(2, parent: 1);
        backward.EndTimeUnixNano = 1;

        await SendAsync(Spans.Request("api", eternal, backward));

        var spans = _stage.Store.GetTrace(Spans.TraceId)!.Nodes.Select(node => node.Span).ToList();
        spans[0].End.Year.ShouldBeGreaterThan(2100);
        spans[1].Duration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Values_nested_too_deep_are_refused()
    {
        var value = new AnyValue { StringValue = "deep" };
        for (var depth = 0; depth < 500; depth++)
        {
            value = new AnyValue { ArrayValue = new() { Values = { value } } };
        }

        var span = Spans.Wire(1);
        span.Attributes.Add(new KeyValue { Key = "deep", Value = value });
        using var sender = _stage.CreateSender();
        using var answer = await sender.PostAsync("/v1/traces", DashboardStage.Protobuf(Spans.Request("api", span).ToByteArray()), Token);

        await ShouldBeRefusedAsync(answer, HttpStatusCode.BadRequest, code: 3);
    }

    private async Task SendAsync(ExportTraceServiceRequest spans)
    {
        using var sender = _stage.CreateSender();
        using var answer = await sender.PostAsync("/v1/traces", DashboardStage.Protobuf(spans.ToByteArray()), Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task ShouldStillTakeSpansAsync()
    {
        await SendAsync(Spans.Request("after", Spans.Wire(1)));
        _stage.Store.GetTraces(new TraceQuery { Resource = "after" }).TotalCount.ShouldBe(1);
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, int code)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/x-protobuf");
        var error = ErrorStatus.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync(Token));
        error.Code.ShouldBe(code);
        error.Message.ShouldNotBeEmpty();
    }

    private static async Task<(string Status, string? Message)> CallAsync(HttpClient client, byte[] body, string? encoding = null, string method = TraceMethod)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var answer = await client.SendAsync(request, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await answer.Content.ReadAsByteArrayAsync(Token);
        return (Of("grpc-status") ?? "none", Of("grpc-message"));

        string? Of(string name) =>
            answer.TrailingHeaders.TryGetValues(name, out var trailer) ? trailer.Single() : answer.Headers.TryGetValues(name, out var header) ? header.Single() : null;
    }

    private static byte[] Framed(byte[] message, bool isPacked = false)
    {
        var frame = new byte[message.Length + 5];
        frame[0] = isPacked ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
