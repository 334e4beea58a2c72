using System.Diagnostics.Metrics;

namespace ProSaas.Api.Accounts.Login;

/// <summary>The meter of accounts. A spray of passwords over many accounts is seen here, whatever the limits of each.</summary>
internal sealed class LoginTelemetry
{
    public const string Name = "ProSaas.Accounts";

    private readonly Counter<long> _logins;

    public LoginTelemetry(IMeterFactory meters)
    {
        _logins = meters.Create(Name).CreateCounter<long>(
            "prosaas.logins", "{login}", "Attempts to log in with a password, by outcome: succeeded, failed or limited.");

        // Shown from the start on, so that the first ones are an increase.
        Count("succeeded", 0);
        Count("failed", 0);
        Count("limited", 0);
    }

    public void Succeeded() => Count("succeeded");

    /// <summary>A wrong e-mail address or password, or a disabled account.</summary>
    public void Failed() => Count("failed");

    /// <summary>Refused unchecked.</summary>
    public void Limited() => Count("limited");

    private void Count(string outcome, long number = 1) => _logins.Add(number, new KeyValuePair<string, object?>("outcome", outcome));
}
