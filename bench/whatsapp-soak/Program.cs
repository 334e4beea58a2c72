using System.Globalization;
using ProSaas.Bench.WhatsAppSoak;

const string Usage =
    "Usage: dotnet run --project bench/whatsapp-soak -c Release -- [--messages N] [--warm-up N] [--rate N] [--seed S] [--no-kills]";

var (messages, warmUp, rate, seed, kills) = (5_000, 0, 50, Environment.ProcessId, true);
for (var index = 0; index < args.Length; index++)
{
    if (args[index] is "--no-kills")
    {
        kills = false;
        continue;
    }

    if (index + 1 >= args.Length || !int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        || args[index] is not ("--messages" or "--warm-up" or "--rate" or "--seed"))
    {
        await Console.Error.WriteLineAsync($"whatsapp-soak: '{args[index]}' is unknown or has no whole number after it. {Usage}");
        return 64;
    }

    (messages, warmUp, rate, seed) = args[index++] switch
    {
        "--messages" => (value, warmUp, rate, seed),
        "--warm-up" => (messages, value, rate, seed),
        "--rate" => (messages, warmUp, value, seed),
        _ => (messages, warmUp, rate, value),
    };
}

var cancellationToken = TestRun.EndWithCancelKey();

await using var soak = await Soak.StartAsync(messages, warmUp, rate, cancellationToken);
var (apiKills, serviceKills) = await soak.RunAsync(kills ? new Random(seed) : null, cancellationToken);
var result = soak.Result();
Console.WriteLine(
    $"{messages} messages over {Soak.Businesses} businesses at {rate} a second, seed {seed}: API killed {apiKills} times, service {serviceKills} times");
Console.WriteLine(
    $"answered {Number("answered")}, lost {Number("lost")}, seen twice {Number("seenTwice")}, out of order in a conversation {Number("disordered")}; "
    + $"sent to WhatsApp again with the same id {Number("repeated")}");
Console.WriteLine(
    $"poison {Number("poison")}, of it answered {Number("poisonAnswered")}, lost {Number("poisonLost")}; the rest, of nothing, wants no answer");
Console.WriteLine(
    $"from the customer to the customer, after the first {warmUp}: p50 {Number("p50")} ms, p99 {Number("p99")} ms, longest {Number("last")} ms");
return Number("lost") + Number("seenTwice") + Number("disordered") + Number("poisonLost") is 0 ? 0 : 1;

int Number(string name) => result.GetProperty(name).GetInt32();
