namespace ProSaas.Tests.Faults;

/// <summary>The faults of the table, in its order.</summary>
internal static class FaultList
{
    public const string TwoMigrators = "Two migrators at once";
    public const string KilledInMigration = "Migrator killed inside a migration, three or more pending";
    public const string KilledBeforeSeed = "Migrator killed between migrating and seeding";
    public const string MigrationThrows = "Migration throws";
    public const string StoppedByHand = "Migrator stopped by hand inside a migration";
    public const string SlowInDevelopment = "Migration slower than the timeout, development";
    public const string SlowInProduction = "Migration slower than the timeout, production";
    public const string NotificationLost = "Notification lost";
    public const string DatabaseLate = "Database up late, within the limits";
    public const string DatabaseTooLate = "Database up later than the limits, production";
    public const string DatabaseLost = "Database lost after ready, then back";
    public const string HalfOpen = "All connections half-open, then the network is back";
    public const string OldHalfOpen = "Old connections half-open, new ones work";
    public const string MigratorGone = "Machine of the migrator gone without a reset";
    public const string MigratorHalfOpen = "Migrator's connections half-open inside a migration";
    public const string CompatibleRelease = "Old and new replica, compatible migration";
    public const string BreakingRelease = "Old and new replica, breaking migration";
    public const string BreakingWhileRunning = "Breaking migration under an older replica that is ready";
    public const string OlderDatabase = "An older database is restored";
    public const string ColdBusiness = "A business that cannot be warmed";
    public const string ReadingFails = "Reading the businesses fails five times";
    public const string ChangedInWarmup = "Business added, changed and switched off during warmup";
    public const string StopInWarmup = "SIGTERM during warmup";
    public const string StopUnderLoad = "SIGTERM under load";
    public const string StopWhileStreaming = "SIGTERM while answers stream";
    public const string ReadOnly = "Read-only database, API";
    public const string ReadOnlyMigrator = "Read-only database, migrator";
    public const string DiskFull = "Disk full, API";
    public const string DiskFullMigrator = "Disk full, migrator";
    public const string NoConnections = "Connections exhausted";
    public const string WrongCredentials = "Wrong credentials";
    public const string ClockJumps = "The API's clock jumps an hour ahead of the database's, then an hour behind";
    public const string ClockJumpsAtStart = "The same while the gate is shut";
    public const string SpeechHangs = "Speech hangs, at the start and after";
    public const string SpeechRefuses = "Speech refuses, at the start and after";
    public const string WhatsAppDown = "WhatsApp service killed, then back";
    public const string PoisonMessage = "Poison message in a customer's queue";
    public const string LostInCommit = "Connection lost while a commit is under way";
    public const string SlowStatement = "A statement takes longer than a request may";
    public const string LockHeld = "A session holds the lock that a migration needs";
    public const string TransactionPooler = "A pooler in transaction mode before the migrator";
    public const string MessageFlood = "200 messages of one customer within seconds";
    public const string ErasedMeanwhile = "A customer is erased while a message of theirs arrives";

    /// <summary>Apart from the table.</summary>
    public const string FullLength = "Database up 90 s late, with the default limits";

    public static IReadOnlyList<string> All { get; } =
        [.. typeof(FaultList).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => name is not FullLength)];
}
