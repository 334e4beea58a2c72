using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Says more of resources: their variables, references and waits, their endpoints and health.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Sets a variable to text.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value ?? "");

    /// <summary>Sets a variable to text with values in it that are known later.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, ReferenceExpression.Create(value));

    /// <summary>Sets a variable to text with values in it that are known later.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value);

    /// <summary>Sets a variable to an endpoint's address.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.WithVariable(name, endpointReference);

    /// <summary>Sets a variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithVariable(name, parameter.Resource);

    /// <summary>Sets a variable to a value known later.</summary>
    public static IResourceBuilder<T> WithEnvironment<T, TValue>(this IResourceBuilder<T> builder, string name, TValue value)
        where T : IResourceWithEnvironment
        where TValue : IValueProvider, IManifestExpressionProvider => builder.WithVariable(name, value);

    /// <summary>Adds variables each time they are worked out.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new EnvironmentCallbackAnnotation(callback));

    /// <summary>Tells a resource how to connect to another: the connection string, and its parts under the connection's name.</summary>
    /// <param name="builder">The resource that connects.</param>
    /// <param name="source">The resource it connects to.</param>
    /// <param name="connectionName">The connection's name; the other resource's, if null.</param>
    /// <param name="optional">Whether there may be no connection string.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var connection = source.Resource;
        var name = connectionName ?? connection.Name;
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"ConnectionStrings__{name}"] = new ConnectionStringReference(connection, optional);
            var prefix = ResourceName.AsVariable(name);
            foreach (var (property, value) in connection.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{prefix}_{property.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>Tells a resource the address of an endpoint, for service discovery and under a name of its own.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        var source = endpointReference.Resource;
        var reference = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().FirstOrDefault(annotation => annotation.Source == source);
        if (reference is null)
        {
            reference = new EndpointReferenceAnnotation(source);
            builder.WithAnnotation(reference).WithEnvironment(reference.AddVariables);
        }

        reference.EndpointNames.Add(endpointReference.EndpointName);
        return builder;
    }

    /// <summary>Lets a resource start only when another runs and is healthy.</summary>
    /// <exception cref="DistributedApplicationException">It would wait for itself, or for what it lives in.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        ThrowIfPointless(builder.Resource, dependency.Resource);
        if (dependency.Resource is IResourceWithParent { Parent: var parent })
        {
            builder.WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(parent));
        }

        return builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));
    }

    /// <summary>Lets a resource start only when another has ended.</summary>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource that ends.</param>
    /// <param name="exitCode">The exit code it must end with; an end without one, because it was stopped, will do as well.</param>
    /// <exception cref="DistributedApplicationException">It would wait for itself, or for what it lives in.</exception>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        ThrowIfPointless(builder.Resource, dependency.Resource);
        return builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));
    }

    /// <summary>Adds a command.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name, by which it is run.</param>
    /// <param name="displayName">What people see.</param>
    /// <param name="executeCommand">Runs it.</param>
    /// <param name="commandOptions">How it is shown.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder, string name, string displayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, CommandOptions? commandOptions = null)
        where T : IResource => builder.WithAnnotation(new ResourceCommandAnnotation(name, displayName, commandOptions ?? new CommandOptions(), executeCommand));

    internal static IResourceBuilder<T> WithVariable<T>(this IResourceBuilder<T> builder, string name, object value)
        where T : IResource
    {
        builder.Resource.Annotations.Add(new EnvironmentCallbackAnnotation(context => context.EnvironmentVariables[name] = value));
        return builder;
    }

    private static void ThrowIfPointless(IResource resource, IResource dependency)
    {
        if (resource == dependency)
        {
            throw new DistributedApplicationException($"The '{resource.Name}' resource cannot wait for itself.");
        }

        if (resource is IResourceWithParent { Parent: var parent } && parent == dependency)
        {
            throw new DistributedApplicationException($"The '{resource.Name}' resource cannot wait for its parent '{dependency.Name}'.");
        }
    }
}
