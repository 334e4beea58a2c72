namespace Aspire.Hosting.Docker;

/// <summary>A variable that the Compose file takes from the <c>.env</c> file beside it.</summary>
public sealed class CapturedEnvironmentVariable
{
    internal CapturedEnvironmentVariable(string? description) => Description = description;

    /// <summary>The comment above the variable; null for none.</summary>
    internal string? Description { get; }
}
