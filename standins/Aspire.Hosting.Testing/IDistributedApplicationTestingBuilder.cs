namespace Aspire.Hosting.Testing;

/// <summary>An application described by an AppHost, or by a test, before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>The application as described.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
