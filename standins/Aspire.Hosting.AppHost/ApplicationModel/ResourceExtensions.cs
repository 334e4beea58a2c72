namespace Aspire.Hosting.ApplicationModel;

/// <summary>Asks things of resources.</summary>
public static class ResourceExtensions
{
    /// <summary>How many processes run the resource.</summary>
    public static int GetReplicaCount(this IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
}
