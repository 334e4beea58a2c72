namespace ProSaas.Api.Http;

/// <summary>A part of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next part; null when this is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
