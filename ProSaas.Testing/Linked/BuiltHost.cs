using Microsoft.Extensions.Hosting;
using DiagnosticListener = System.Diagnostics.DiagnosticListener;
using Services = Microsoft.Extensions.DependencyInjection.IServiceCollection;

namespace ProSaas.Testing.Linked;

/// <summary>Changes the registrations of the process's host, and nothing else of it, right before it is built.</summary>
internal sealed class BuiltHost(Action<Services> change) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public static void Change(Action<Services> change) => DiagnosticListener.AllListeners.Subscribe(new BuiltHost(change));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name is "Microsoft.Extensions.Hosting")
        {
            value.Subscribe(this);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
        {
            builder.ConfigureServices(change);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
