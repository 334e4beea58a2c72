namespace Aspire.Hosting;

/// <summary>What is done with an application.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is started here.</summary>
    Run,

    /// <summary>It is written down for another place to run.</summary>
    Publish,
}

/// <summary>What is done with the application.</summary>
/// <param name="operation">Run or publish.</param>
public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>Run or publish.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether the application is written down for another place to run.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether the application is started here.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
}
