namespace ProSaas.Tests.Faults;

/// <summary>A wall clock of services that a test sets while they run: see <see cref="StartupHook"/>.</summary>
internal sealed class ServiceClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public ServiceClock() => Write(TimeSpan.Zero);

    /// <summary>The settings that put a service on this clock.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("DOTNET_STARTUP_HOOKS", typeof(ServiceClock).Assembly.Location),
        (ShiftedClock.FileVariable, _file),
    ];

    /// <summary>Sets it to so much after the real time, before it when negative, until the API says so.</summary>
    public Task SetAsync(ServiceHandle api, TimeSpan shift)
    {
        Write(shift);
        return Eventually.TrueAsync(
            async () => ((await FaultCase.GetAsync(api, "/version")).Json
                .GetProperty("timestamp").GetDateTimeOffset() - DateTimeOffset.UtcNow - shift).Duration() < TimeSpan.FromMinutes(5),
            $"the API's clock is off by {shift}");
    }

    public void Dispose() => File.Delete(_file);

    private void Write(TimeSpan shift)
    {
        var next = $"{_file}.next";
        File.WriteAllText(next, shift.ToString("c", CultureInfo.InvariantCulture));
        File.Move(next, _file, overwrite: true);
    }
}
