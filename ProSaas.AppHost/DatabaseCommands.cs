using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ProSaas.AppHost;

/// <summary>What a developer does with the database while the application runs. One command at a time: both move the same schema.</summary>
internal sealed class DatabaseCommands(IResourceWithConnectionString database, string databaseName, IResource migrations, IResource api)
{
    private int _working;

    /// <summary>Adds the commands to the resources that they are about.</summary>
    public static void Add(Postgres postgres, IResourceBuilder<ProjectResource> migrations, IResourceBuilder<ProjectResource> api)
    {
        var commands = new DatabaseCommands(postgres.Database.Resource, postgres.DatabaseName, migrations.Resource, api.Resource);
        migrations.WithCommand("rerun-migrations", "Re-run migrations", commands.RerunMigrationsAsync, new CommandOptions
        {
            Description = "Applies the migrations that the database does not have yet, and the seed.",
            IconName = "ArrowClockwise",
            IsHighlighted = true,
            UpdateState = context => EnabledIf(IsTerminal(context.ResourceSnapshot.State?.Text)),
        });
        postgres.Database.WithCommand("reset-database", "Reset database", commands.ResetAsync, new CommandOptions
        {
            Description = "Stops the API, drops the database, makes, migrates and seeds it anew, and starts the API again.",
            ConfirmationMessage = $"Everything in the database '{postgres.DatabaseName}' is lost. Reset it?",
            IconName = "DatabaseWarning",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => EnabledIf(context.ResourceSnapshot.State?.Text == KnownResourceStates.Running),
        });
    }

    private Task<ExecuteCommandResult> RerunMigrationsAsync(ExecuteCommandContext context) => AloneAsync(() => MigrateAsync(context));

    private Task<ExecuteCommandResult> ResetAsync(ExecuteCommandContext context) => AloneAsync(async () =>
    {
        if (State(context, migrations) is var worker && !IsTerminal(worker))
        {
            return CommandResults.Failure($"{migrations.Name} is {worker}: wait for its end.");
        }

        // An API that has seen the schema whole trusts it, so it must not see the new one half made.
        if (State(context, api) is var state && !IsTerminal(state))
        {
            if (state != KnownResourceStates.Running)
            {
                return CommandResults.Failure($"{api.Name} is {state}: wait until it runs.");
            }

            await ExecuteAsync(context, api, KnownResourceCommands.StopCommand);
            await Notifications(context).WaitForResourceAsync(api.Name, KnownResourceStates.TerminalStates, context.CancellationToken);
        }

        if (await RecreateAsync(context.CancellationToken) is { } failure)
        {
            return CommandResults.Failure($"The database could not be made anew: {failure}. {api.Name} stays stopped.");
        }

        var migrated = await MigrateAsync(context);
        return migrated.Success
            ? await ExecuteAsync(context, api, KnownResourceCommands.StartCommand)
            : CommandResults.Failure($"{migrated.Message} {api.Name} stays stopped.");
    });

    private async Task<ExecuteCommandResult> AloneAsync(Func<Task<ExecuteCommandResult>> execute)
    {
        if (Interlocked.Exchange(ref _working, 1) == 1)
        {
            return CommandResults.Failure("Another command works on the database: wait for its end.");
        }

        try
        {
            return await execute();
        }
        finally
        {
            Volatile.Write(ref _working, 0);
        }
    }

    private async Task<ExecuteCommandResult> MigrateAsync(ExecuteCommandContext context)
    {
        var end = EndOfNextRunAsync(context);
        var started = await ExecuteAsync(context, migrations, KnownResourceCommands.StartCommand);
        if (!started.Success)
        {
            return started;
        }

        return await end switch
        {
            { ExitCode: 0 } => CommandResults.Success(),
            { ExitCode: { } exitCode } =>
                CommandResults.Failure($"{migrations.Name} ended with exit code {exitCode}: its console says why."),
            var snapshot => CommandResults.Failure($"{migrations.Name} did not run: its state is {snapshot.State?.Text}."),
        };
    }

    /// <summary>Watches from before the start, so that a run is not missed however short it is, nor the one before taken for it.</summary>
    private async Task<CustomResourceSnapshot> EndOfNextRunAsync(ExecuteCommandContext context)
    {
        var hasBegun = false;
        await foreach (var change in Notifications(context).WatchAsync(context.CancellationToken))
        {
            if (change.Resource.Name == migrations.Name)
            {
                var hasEnded = IsTerminal(change.Snapshot.State?.Text);
                hasBegun |= !hasEnded;
                if (hasBegun && hasEnded)
                {
                    return change.Snapshot;
                }
            }
        }

        throw new OperationCanceledException("The application stopped.", context.CancellationToken);
    }

    private async Task<string?> RecreateAsync(CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(await database.GetConnectionStringAsync(cancellationToken))
        {
            Database = "postgres",
            Pooling = false
        };
        using var quoting = new NpgsqlCommandBuilder();
        var name = quoting.QuoteIdentifier(databaseName);
        try
        {
            await using var source = NpgsqlDataSource.Create(server);
            await using var drop = source.CreateCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            await drop.ExecuteNonQueryAsync(cancellationToken);
            await using var create = source.CreateCommand($"CREATE DATABASE {name}");
            await create.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (NpgsqlException exception)
        {
            return exception.Message;
        }
    }

    private static Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context, IResource resource, string command) =>
        context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, context.CancellationToken);

    private static ResourceNotificationService Notifications(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceNotificationService>();

    private static string? State(ExecuteCommandContext context, IResource resource) =>
        Notifications(context).TryGetCurrentState(resource.Name, out var current) ? current.Snapshot.State?.Text : null;

    private static bool IsTerminal(string? state) =>
        state is not null && KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal);

    private static ResourceCommandState EnabledIf(bool condition) =>
        condition ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
