namespace Aspire.Hosting;

/// <summary>The application's description is wrong, or it cannot be run as described.</summary>
public class DistributedApplicationException(string message) : Exception(message);
