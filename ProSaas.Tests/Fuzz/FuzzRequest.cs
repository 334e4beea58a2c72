namespace ProSaas.Tests.Fuzz;

/// <summary>A generated request.</summary>
/// <param name="Operation">The operation it is meant for.</param>
/// <param name="Actor">Who sends it.</param>
/// <param name="Target">Path and query, as they go over the wire.</param>
/// <param name="Headers">Besides those of the actor.</param>
/// <param name="Body">Null without one.</param>
/// <param name="ContentType">Null without one.</param>
internal sealed record FuzzRequest(
    Operation Operation, Actor Actor, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string? ContentType)
{
    private const int Shown = 2_000;

    /// <summary>For whoever looks into it, one line.</summary>
    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.Latin1.GetString(Body);
        var headers = string.Concat(Headers.Select(header => $" {header.Name}: {header.Value};"));
        return $"{Operation.Method} {Target} as {Actor};{headers} {ContentType} {(body.Length > Shown ? body[..Shown] + "…" : body)}";
    }
}
