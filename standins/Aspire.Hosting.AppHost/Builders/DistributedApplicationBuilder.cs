using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> SwitchMappings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--step"] = "Pipeline:Step",
    };

    /// <summary>A setting: the application runs without its dashboard.</summary>
    private const string DisableDashboard = "AppHost:DisableDashboard";

    private readonly HostApplicationBuilder _host;
    private readonly AppHostLaunch _launch;
    private bool _built;

    public DistributedApplicationBuilder(string[] args, AppHostLaunch launch)
    {
        _launch = launch;
        AppHostAssembly = launch.Assembly;
        AppHostDirectory = AppHostAssembly.Metadata("apphostprojectpath") ?? Directory.GetCurrentDirectory();

        var settings = new HostApplicationBuilderSettings
        {
            ApplicationName = AppHostAssembly?.GetName().Name,
            ContentRootPath = AppHostDirectory,
            EnvironmentName = launch.IsTest ? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development : null,
            // Settings are read once: watching files would cost threads for something that needs a restart anyway.
            Configuration = new ConfigurationManager { ["hostBuilder:reloadConfigOnChange"] = "false" },
        };
        _host = new HostApplicationBuilder(settings);
        if (launch.IsTest)
        {
            Configuration["DcpPublisher:RandomizePorts"] = "true";
            Configuration[DisableDashboard] = "true";
        }

        Configuration.AddCommandLine([.. args.Where(arg => arg is not "--")], SwitchMappings);

        var publishing = Configuration["Publishing:Publisher"] is not null
            || string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase);
        ExecutionContext = new DistributedApplicationExecutionContext(publishing ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        ConfigureServices(args);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The dashboard that shows the application; null if there is none, and before the application is built.</summary>
    public DashboardSettings? Dashboard { get; private set; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.FirstOrDefault(r => r.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)) is { } existing)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        if (_launch.IsCapture)
        {
            // The test builds the application itself, after it has had its say; the entry point ends here.
            throw new HostAbortedException();
        }

        return BuildApplication();
    }

    public DistributedApplication BuildApplication()
    {
        if (_built)
        {
            throw new InvalidOperationException("Build can only be called once.");
        }

        _built = true;
        if (ExecutionContext.IsRunMode && !Configuration.GetValue(DisableDashboard, defaultValue: false) && DashboardDiscovery.Find(Configuration) is { } found)
        {
            Dashboard = found.Settings;
            Services.AddSingleton(found.Settings);
            found.Dashboard.AddTo(Services);
        }

        return new DistributedApplication(_host.Build());
    }

    private void ConfigureServices(string[] args)
    {
        Services.AddSingleton<IDistributedApplicationBuilder>(this);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(new AppHostIdentity(AppHostDirectory, Environment.ApplicationName, args));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new UserSecrets(AppHostAssembly));
        Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);

        if (_launch.IsTest)
        {
            // A test that wants the lines adds a logger of its own.
            Services.AddLogging(logging => logging.ClearProviders());
        }
        else
        {
            Services.AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
            Configuration["Logging:LogLevel:Default"] ??= "Warning";
            // What stops the host from starting is said on one line, without the stack.
            Configuration["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None";
        }

        if (ExecutionContext.IsPublishMode)
        {
            Services.AddPublishing();
        }
        else
        {
            Services.AddRunning(console: !_launch.IsTest);
        }
    }
}
