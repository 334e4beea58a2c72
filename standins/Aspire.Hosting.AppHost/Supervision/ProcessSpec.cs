namespace Aspire.Hosting.Supervision;

/// <summary>A program to run.</summary>
internal sealed record ProcessSpec
{
    /// <summary>The program: a path, or a name looked up on the search path.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The folder it starts in, absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>All of its environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The user it runs as, or null for this one.</summary>
    public string? UserName { get; init; }

    /// <summary>What it takes as a request to end.</summary>
    public StopSignals Signals { get; init; } = StopSignals.Ordinary;

    /// <summary>How long it may take to end when asked.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a program is made to end.</summary>
/// <param name="First">The signal that asks.</param>
/// <param name="FirstName">Its name without <c>SIG</c>.</param>
/// <param name="LastName">The name of the one that insists.</param>
internal sealed record StopSignals(int First, string FirstName, string LastName)
{
    /// <summary>What most programs know.</summary>
    public static StopSignals Ordinary { get; } = new(Unix.SignalTerminate, "TERM", "KILL");

    /// <summary>PostgreSQL's fast shutdown, then its immediate one; never KILL first, which leaves its backends behind.</summary>
    public static StopSignals Postmaster { get; } = new(Unix.SignalInterrupt, "INT", "QUIT");
}
