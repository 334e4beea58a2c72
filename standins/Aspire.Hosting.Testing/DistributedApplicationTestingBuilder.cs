using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Describes applications for tests: fixed ports become free ones, and lines go to the log rather than to the console.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>The application that an AppHost describes.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly, such as its class in namespace <c>Projects</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>The application that an AppHost describes when it is started with a command line.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly, such as its class in namespace <c>Projects</c>.</typeparam>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IDistributedApplicationTestingBuilder>(new TestingBuilder(AppHostLaunch.Describe(typeof(TEntryPoint).Assembly, args)));
    }

    /// <summary>An application that the test itself describes.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        new TestingBuilder(new DistributedApplicationBuilder(args, new AppHostLaunch(Assembly.GetCallingAssembly(), IsTest: true)));

    private sealed class TestingBuilder : IDistributedApplicationTestingBuilder
    {
        private readonly DistributedApplicationBuilder _builder;
        private DistributedApplication? _application;

        public TestingBuilder(DistributedApplicationBuilder builder)
        {
            _builder = builder;
            // A test says how its clients behave: Services.ConfigureHttpClientDefaults.
            builder.Services.AddHttpClient();
        }

        public ConfigurationManager Configuration => _builder.Configuration;

        public string AppHostDirectory => _builder.AppHostDirectory;

        public Assembly? AppHostAssembly => _builder.AppHostAssembly;

        public IHostEnvironment Environment => _builder.Environment;

        public IServiceCollection Services => _builder.Services;

        public DistributedApplicationExecutionContext ExecutionContext => _builder.ExecutionContext;

        public IResourceCollection Resources => _builder.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource => _builder.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
            where T : IResource => _builder.CreateResourceBuilder(resource);

        public DistributedApplication Build() => _application = _builder.BuildApplication();

        public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(Build());
        }

        public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

        public void Dispose() => _application?.Dispose();
    }
}
