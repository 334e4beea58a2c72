namespace Aspire.Hosting.Docker;

/// <summary>A variable that the Compose file takes from the <c>.env</c> file beside it.</summary>
public sealed class CapturedEnvironmentVariable
{
    internal CapturedEnvironmentVariable(string name, string description, string? defaultValue)
    {
        Name = name;
        Description = description;
        DefaultValue = defaultValue;
    }

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>What it might be; never written to the file.</summary>
    public string? DefaultValue { get; set; }
}
