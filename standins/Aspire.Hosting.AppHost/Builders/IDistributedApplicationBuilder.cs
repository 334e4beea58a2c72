using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes a distributed application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings: files beside the AppHost, user secrets, environment variables, the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost's project, absolute.</summary>
    string AppHostDirectory { get; }

    /// <summary>The assembly that the description is in.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>The environment: its name, where settings are read from.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The services of the host itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Whether the application runs or is published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resources, in the order they were added.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="DistributedApplicationException">A resource of that name is there already.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>A builder over a resource, which need not have been added.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>The application as described.</summary>
    DistributedApplication Build();
}
