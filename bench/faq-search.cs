#:project ../ProSaas.Api/ProSaas.Api.csproj
#:property PublishAot=false
#:property AssemblyName=ProSaas.Bench.FaqSearch

// How long a question takes to be looked for in a FAQ of 10, 120 and 500 entries, one at a time, how long the index takes to be
// made, and what it takes in memory beyond the texts:
//   dotnet run -c Release bench/faq-search.cs
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ProSaas.Api.Agents.Faq;

const int Times = 500;
string[] things = ["parking", "delivery", "vegan food", "gift cards", "wifi", "appointments", "discounts", "haircuts", "dogs", "refunds"];
var random = new Random(1);

foreach (var (entries, answer) in ((int, int)[])[(10, 200), (120, 200), (500, 200), (120, 4_000), (500, 4_000)])
{
    FaqEntryText[] faq = [.. Enumerable.Range(0, entries).Select(i =>
        new FaqEntryText(i, $"Do you have {things[i % things.Length]} for {Words(2)}?", Words(answer / 8)))];
    var index = FaqIndex.Create(faq, "Business");
    var bytes = index.SizeInBytes - index.TextBytes;
    Console.WriteLine($"{entries} entries of {answer:N0} characters: {bytes:N0} bytes beyond {index.TextBytes:N0} of text");
    Measure("  made", Times / 25, () => FaqIndex.Create(faq, "Business"));
    Measure("  asked as it is written", Times, () => index.Search(faq[3].Question));
    Measure("  asked in other words", Times, () => index.Search("can i get something delivered?"));
    Measure("  misspelt", Times, () => index.Search("do you have delivvery on fridey"));
    var unknown = Words(24);
    Measure("  24 unknown words", Times, () => index.Search(unknown));
    var longest = string.Concat(Enumerable.Repeat("x\u0301y ", 800));
    Measure("  4,000 characters of marks", Times, () => index.Search(longest));
}

string Words(int count)
{
    var text = new StringBuilder();
    for (var i = 0; i < count; i++)
    {
        text.Append(i is 0 ? "" : " ").Append(string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26)))));
    }

    return text.ToString();
}

static void Measure(string what, int times, Action act)
{
    List<double> milliseconds = [];
    for (var i = -times / 5; i < times; i++)
    {
        var started = Stopwatch.GetTimestamp();
        act();
        if (i >= 0)
        {
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-28} p50 {Percentile(milliseconds, 0.5),7:0.000} ms   p99 {Percentile(milliseconds, 0.99),7:0.000} ms"));
}

static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
