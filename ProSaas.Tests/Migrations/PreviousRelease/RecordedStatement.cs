using ProSaas.Data.Isolation;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>A statement of the API as the server saw it.</summary>
/// <param name="As">What its unit of work was bound to: <c>business 1</c>, <c>system</c>, or <c>nobody</c> outside of one.</param>
/// <param name="Sql">With <c>$1</c> and so on for its parameters.</param>
/// <param name="Parameters">As text; null for NULL.</param>
internal sealed record RecordedStatement(string As, string Sql, IReadOnlyList<string?> Parameters)
{
    public const string System = "system";
    public const string Nobody = "nobody";
    public const string Business = "business ";

    private const string Header = "-- as ";

    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = global::System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Statements of one text and one kind of unit of work are one.</summary>
    public (string, string) Key => (As.StartsWith(Business, StringComparison.Ordinal) ? Business : As, Sql);

    /// <summary>What a transaction says to be bound like it.</summary>
    public string Binding => As switch
    {
        System => $"SET LOCAL ROLE {DatabaseRoles.System}; SELECT set_config('app.business_id', '', true)",
        Nobody => "SET LOCAL ROLE NONE; SELECT set_config('app.business_id', '', true)",
        _ => $"SET LOCAL ROLE NONE; SELECT set_config('app.business_id', '{As[Business.Length..]}', true)",
    };

    public static string Write(IEnumerable<RecordedStatement> statements)
    {
        var text = new StringBuilder();
        foreach (var statement in statements)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Header}{statement.As}\n{statement.Sql}\n");
            for (var index = 0; index < statement.Parameters.Count; index++)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"-- ${index + 1} = {JsonSerializer.Serialize(statement.Parameters[index], Readable)}\n");
            }
        }

        return text.ToString();
    }

    public static IReadOnlyList<RecordedStatement> Read(string text) =>
        [.. text.Split($"\n{Header}").Skip(1).Select(block => block.TrimEnd().Split('\n')).Select(lines => new RecordedStatement(
            lines[0],
            string.Join('\n', lines.Skip(1).Where(line => !line.StartsWith("-- $", StringComparison.Ordinal))),
            [.. lines.Skip(1).Where(line => line.StartsWith("-- $", StringComparison.Ordinal))
                .Select(line => JsonSerializer.Deserialize<string?>(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]))]))];
}
