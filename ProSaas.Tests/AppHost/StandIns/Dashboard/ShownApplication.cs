using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>The whole application with its dashboard, on free ports.</summary>
public sealed class ShownApplication : RunningApplication
{
    protected override string[] Arguments => [.. base.Arguments, "--AppHost:DisableDashboard=false", $"--PROSAAS_DASHBOARD_PORT={FreePorts.NextRow(3)}"];
}
