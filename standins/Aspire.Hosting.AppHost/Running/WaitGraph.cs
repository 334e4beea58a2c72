using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Who waits for whom.</summary>
internal static class WaitGraph
{
    /// <summary>What a resource waits for: what it was told to, and the resource it lives in.</summary>
    public static IReadOnlyList<WaitAnnotation> Waits(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (resource is IResourceWithParent { Parent: var parent } && !waits.Exists(wait => wait.Resource == parent))
        {
            waits.Insert(0, new WaitAnnotation(parent, WaitType.WaitUntilHealthy));
        }

        return waits;
    }

    public static IEnumerable<IResource> Dependents(IResource resource, IEnumerable<IResource> all) =>
        all.Where(other => Waits(other).Any(wait => wait.Resource == resource));

    /// <exception cref="DistributedApplicationException">Some resources wait for each other and would wait for ever.</exception>
    public static void ThrowIfCyclic(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>();
        var path = new List<IResource>();
        foreach (var resource in resources)
        {
            Visit(resource);
        }

        void Visit(IResource resource)
        {
            if (path.IndexOf(resource) is var start and >= 0)
            {
                var cycle = path.Skip(start).Append(resource).Select(r => r.Name);
                throw new DistributedApplicationException($"These resources wait for each other and would never start: {string.Join(" -> ", cycle)}. Remove one WaitFor.");
            }

            if (!done.Add(resource))
            {
                return;
            }

            path.Add(resource);
            foreach (var wait in Waits(resource))
            {
                Visit(wait.Resource);
            }

            path.RemoveAt(path.Count - 1);
        }
    }
}
