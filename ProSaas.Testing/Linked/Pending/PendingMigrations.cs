using System.Reflection;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data.Schema;

namespace ProSaas.Testing.Linked.Pending;

/// <summary>
/// Three migrations of a release to come, which a process gets besides the product's own. Between them the schema is half-made: one takes a
/// column away that the API reads, one its table, and the last brings both back.
/// </summary>
internal sealed class PendingMigrations : IObserver<System.Diagnostics.DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    /// <summary>Set for a process that gets them by a startup hook.</summary>
    public const string Variable = "PROSAAS_PENDING_MIGRATIONS";

    /// <summary>The table that the first one makes and the last one drops.</summary>
    public const string Table = "half_way";

    private static readonly Type[] Types = [typeof(MoveAnswers), typeof(MoveEntries), typeof(MoveBack)];

    /// <summary>In the order in which they are applied.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Types.Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id)];

    /// <summary>The settings that give them to a service.</summary>
    public static (string Name, string Value)[] Environment =>
        [("DOTNET_STARTUP_HOOKS", typeof(PendingMigrations).Assembly.Location), (Variable, "1")];

    public static bool AreAskedFor => System.Environment.GetEnvironmentVariable(Variable) is "1";

    /// <summary>Gives them to this process: to what it expects of a database, and to every context that it makes from now on.</summary>
    public static void AddToProcess()
    {
        ((List<string>)SchemaContract.Migrations).AddRange(Ids);
        System.Diagnostics.DiagnosticListener.AllListeners.Subscribe(new PendingMigrations());
    }

    public void OnNext(System.Diagnostics.DiagnosticListener value)
    {
        if (value.Name is "Microsoft.EntityFrameworkCore")
        {
            value.Subscribe(this, name => name == CoreEventId.ContextInitialized.Name);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is ContextInitializedEventData { Context: { } context })
        {
            var migrations = (SortedList<string, TypeInfo>)context.GetService<IMigrationsAssembly>().Migrations;
            foreach (var (id, type) in Ids.Zip(Types))
            {
                migrations.TryAdd(id, type.GetTypeInfo());
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
