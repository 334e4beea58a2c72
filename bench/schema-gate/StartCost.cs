using System.Net;

namespace ProSaas.Bench.SchemaGate;

/// <summary>What the pipeline adds to a bare API's time from its start to the first 200, by turns.</summary>
internal static class StartCost
{
    public static async Task MeasureAsync(int starts, CancellationToken cancellationToken)
    {
        List<double> bare = [];
        List<double> piped = [];
        for (var start = 0; start < starts; start++)
        {
            bare.Add(await TimeAsync([], cancellationToken));
            piped.Add(await TimeAsync([BareApi.WithPipeline], cancellationToken));
        }

        Console.WriteLine(
            $"first 200 of a bare API: median {bare.Median():0} ms, with the pipeline {piped.Median():0} ms, median of the differences {bare.Zip(piped, (without, with) => with - without).Median():0} ms ({starts} starts each)");
    }

    private static async Task<double> TimeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var port = FreePorts.Next();
        using var probe = new Probe(port, "/livez");
        var started = TimeProvider.System.GetTimestamp();
        await using var api = BareApi.Start(port, arguments);
        await probe.UntilAsync(HttpStatusCode.OK, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }
}
