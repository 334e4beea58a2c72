using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Asks things of resources.</summary>
public static class ResourceExtensions
{
    /// <summary>How many processes run the resource.</summary>
    public static int GetReplicaCount(this IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    /// <summary>The variables that a resource is given: values in run mode, expressions of the manifest in publish mode.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">The mode.</param>
    /// <returns>The variables by name, without those that each replica has its own value of.</returns>
    [Obsolete("Use ExecutionConfigurationBuilder instead.")]
    public static async ValueTask<Dictionary<string, string>> GetEnvironmentVariableValuesAsync(
        this IResourceWithEnvironment resource, DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
    {
        var context = new DistributedApplicationExecutionContext(applicationOperation);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in resource.EvaluateEnvironment(context))
        {
            if (value is not InstancePort)
            {
                values[name] = value switch
                {
                    IManifestExpressionProvider provider when context.IsPublishMode => provider.ValueExpression,
                    IValueProvider provider => await provider.GetValueAsync() ?? "",
                    _ => value.ToString() ?? "",
                };
            }
        }

        return values;
    }
}
