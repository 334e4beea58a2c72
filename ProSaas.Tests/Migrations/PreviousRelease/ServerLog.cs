using ProSaas.Data.Isolation;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>Reads what the API ran from PostgreSQL's log in JSON, written with <c>log_statement = all</c>.</summary>
internal static partial class ServerLog
{
    /// <summary>
    /// Each different statement once, in the order of their first runs, so that one that reads or changes a row
    /// comes after the one that made it.
    /// </summary>
    public static IReadOnlyList<RecordedStatement> Read(string log)
    {
        var units = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = new Dictionary<(string, string), RecordedStatement>();
        foreach (var entry in log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement))
        {
            if (Text(entry, "user") != DatabaseRoles.App || Message().Match(Text(entry, "message")) is not { Success: true } message)
            {
                continue;
            }

            var session = Text(entry, "session_id");
            var sql = message.Groups["sql"].Value.ReplaceLineEndings("\n").Trim();
            var parameters = Parameter().Matches(Text(entry, "detail"))
                .Select(match => match.Groups["text"].Success
                    ? Key().Replace(match.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal), "not kept")
                    : null)
                .ToList();
            if (Boundary().IsMatch(sql))
            {
                units.Remove(session);
            }
            else if (sql == $"SET LOCAL ROLE {DatabaseRoles.System}")
            {
                units[session] = RecordedStatement.System;
            }
            else if (sql.StartsWith("SELECT set_config('app.business_id'", StringComparison.Ordinal))
            {
                units[session] = RecordedStatement.Business + parameters[0];
            }
            else if (sql is "SELECT set_config($1, $2, true)")
            {
                units[session] = parameters[0] is "role" ? RecordedStatement.System : RecordedStatement.Business + parameters[1];
            }
            else if (!OfTheDriver().IsMatch(sql))
            {
                var statement = new RecordedStatement(units.GetValueOrDefault(session, RecordedStatement.Nobody), sql, parameters);
                found.TryAdd(statement.Key, statement);
            }
        }

        return [.. found.Values];
    }

    private static string Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    [GeneratedRegex(@"\A(statement|execute [^:]+): (?<sql>.+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Message();

    [GeneratedRegex(@"\$\d+ = (NULL|'(?<text>([^']|'')*)')", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    /// <summary>Of data protection: no key belongs in a repository, be it of a database that is gone.</summary>
    [GeneratedRegex("(?<=<value>)[^<]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    /// <summary>A batch has no commit of its own: what comes after it begins with the driver's reset of the connection.</summary>
    [GeneratedRegex(@"\A(BEGIN|COMMIT|ROLLBACK|DISCARD)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boundary();

    /// <summary>What Npgsql says on its own, whatever the schema.</summary>
    [GeneratedRegex(@"\A(SAVEPOINT|RELEASE|SELECT version\(\))|\bpg_type\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfTheDriver();
}
