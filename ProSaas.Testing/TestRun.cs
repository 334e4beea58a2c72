namespace ProSaas.Testing;

/// <summary>The test or measurement under way, and when it is to end.</summary>
public static class TestRun
{
    private static Func<CancellationToken> _token = () => CancellationToken.None;

    public static CancellationToken CancellationToken => _token();

    /// <summary>From now on a test framework says when a test is to end.</summary>
    public static void EndWith(Func<CancellationToken> token) => _token = token;

    /// <summary>From now on Ctrl+C ends the run in order, so that what it started is stopped.</summary>
    public static CancellationToken EndWithCancelKey()
    {
        var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        _token = () => stop.Token;
        return stop.Token;
    }
}
