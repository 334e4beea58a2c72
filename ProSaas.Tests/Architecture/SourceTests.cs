namespace ProSaas.Tests.Architecture;

public sealed partial class SourceTests
{
    private const string ThisFile = "ProSaas.Tests/Architecture/SourceTests.cs";

    private static IEnumerable<string> TextFiles => Repository.Files.Where(file => file != ThisFile
        && Path.GetFileName(file) != "package-lock.json"
        && Path.GetExtension(file) is not (".png" or ".ico" or ".woff2" or ".wav" or ".mp3" or ".ogg"));

    [Fact]
    public void Repository_has_no_unfinished_work() =>
        Repository.LinesWhere(TextFiles, line => Unfinished().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Repository_names_no_machine_of_a_developer() =>
        Repository.LinesWhere(TextFiles, line => MachinePath().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Repository_names_no_package_registry() =>
        Repository.LinesWhere(TextFiles, line => RegistryHost().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Product_code_takes_time_from_TimeProvider_and_never_blocks() =>
        Repository.LinesWhere(Repository.ProductSources, line => AmbientTimeOrBlocking().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Product_code_has_no_async_void() =>
        Repository.LinesWhere(Repository.ProductSources, line => line.Contains("async void", StringComparison.Ordinal)).ShouldBeEmpty();

    // The other choices of style are the compiler's to hold, by .editorconfig, which cannot speak of the name of a type's parameters.
    [Fact]
    public void Cancellation_tokens_and_database_contexts_have_one_name_each() =>
        Repository.LinesWhere(TextFiles.Where(file => Path.GetExtension(file) is ".cs"), line => OtherName().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Only_the_unit_of_work_sets_the_business_or_the_role() =>
        Repository.LinesWhere(Repository.ProductSources.Where(file => Path.GetFileName(file) != "UnitOfWork.cs"),
            line => SetsTenant().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Unit_of_work_sets_the_business_and_the_role() =>
        Repository.LinesWhere(Repository.ProductSources.Where(file =>
            file.StartsWith("ProSaas.Data/", StringComparison.Ordinal) && Path.GetFileName(file) == "UnitOfWork.cs"),
            line => SetsTenant().IsMatch(line)).Count().ShouldBeGreaterThanOrEqualTo(2);

    [Fact]
    public void Service_defaults_speak_of_no_feature() =>
        Repository.LinesWhere(
            Repository.ProductSources.Where(file => file.StartsWith("ProSaas.ServiceDefaults/", StringComparison.Ordinal)),
            line => FeatureWord().IsMatch(line))
            .ShouldBeEmpty();

    // The plain shell of images does not know pipefail.
    [Fact]
    public void Command_stops_at_the_first_error() =>
        Repository.Files.Where(file =>
            Path.GetExtension(file) is ".sh" or "" && Repository.Read(file).StartsWith("#!", StringComparison.Ordinal))
            .Where(file => !Repository.Read(file).Contains(
                Repository.Read(file).StartsWith("#!/bin/sh\n", StringComparison.Ordinal) ? "\nset -eu\n" : "set -euo pipefail",
                StringComparison.Ordinal))
            .ShouldBeEmpty();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();

    // /home/node is inside n8n's image, on no machine.
    [GeneratedRegex(
        @"(?<![\w.$}*])/(work|tmp/wt-\w+|home/(?!node/)\w+|Users/\w+|root)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://[^/\s""']*(nuget|npmjs|npm|registry|artifactory|nexus)[^/\s""']*",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(
        @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bThread\.Sleep\b|\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|\bTask\.Delay\([^,()]+(\([^()]*\))?\)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AmbientTimeOrBlocking();

    [GeneratedRegex(
        @"\bCancellationToken (?!cancellationToken\b|stoppingToken\b|token\b)[a-z]\w*|\bvar (ct|db)\b|Context db\b|\b(ct|db) =>|\(([^()]*, )?(ct|db)(, [^()]*)?\) =>",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherName();

    [GeneratedRegex(
        @"set_config\(\s*'(app\.business_id|role)'|\bSET\s+(LOCAL\s+|SESSION\s+)?(ROLE|app\.business_id)\b|\bSET\s+SESSION\s+AUTHORIZATION\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SetsTenant();

    [GeneratedRegex(@"Business|Agent|WhatsApp|Baileys|Conversation|Speech|\bTts",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FeatureWord();
}
