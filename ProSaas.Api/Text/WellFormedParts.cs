namespace ProSaas.Api.Text;

/// <summary>
/// <see cref="WellFormedText"/> of a text that comes in parts: together they are what the whole would be, also where a surrogate pair
/// was split between two. Not for concurrent use.
/// </summary>
internal sealed class WellFormedParts
{
    private string _held = "";

    /// <summary>What can be said with this part: a half at its end is held until the other half comes.</summary>
    public string Next(string part)
    {
        var text = _held + part.Replace("\0", "", StringComparison.Ordinal);
        _held = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
        return WellFormedText.Of(text[..^_held.Length]);
    }

    /// <summary>What is left when no other part comes.</summary>
    public string End() => WellFormedText.Of(_held);
}
