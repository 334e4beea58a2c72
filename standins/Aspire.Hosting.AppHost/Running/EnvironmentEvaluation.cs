using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

internal static class EnvironmentEvaluation
{
    /// <summary>A resource's variables in the order they were first set, their values not yet known.</summary>
    public static IReadOnlyDictionary<string, object> EvaluateEnvironment(this IResource resource, DistributedApplicationExecutionContext context)
    {
        var callback = new EnvironmentCallbackContext(context);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            annotation.Callback(callback);
        }

        return callback.EnvironmentVariables;
    }
}
