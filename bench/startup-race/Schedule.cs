namespace ProSaas.Bench.StartupRace;

/// <summary>One start: when each part begins and is killed, counted from the start of the race and of the part.</summary>
/// <param name="AppliedMigrations">How many migrations an earlier release has left; none means that the database is not there.</param>
internal sealed record Schedule(
    int AppliedMigrations,
    TimeSpan Database,
    TimeSpan Migration,
    TimeSpan Api,
    TimeSpan? DatabaseKill,
    TimeSpan? MigrationKill,
    TimeSpan? ApiKill)
{
    /// <summary>The schedule of a run: the same for the same seed and run, in both arms.</summary>
    public static Schedule Draw(int seed, int run, int migrations)
    {
        // Not for secrets: the same seed has to give the same schedule on every machine.
#pragma warning disable CA5394
        var random = new Random(unchecked((seed * 7919) + run));
        return new Schedule(random.Next(migrations), Delay(0, 2000), Delay(0, 2000), Delay(0, 2000), Kill(), Kill(), Kill());

        TimeSpan Delay(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));

        TimeSpan? Kill() => random.Next(3) is 0 ? Delay(200, 2500) : null;
#pragma warning restore CA5394
    }
}
