using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.ServiceDefaults;

/// <summary>
/// Runs a service's <c>Main</c>: what can be put right by an operator ends in one line and an exit code,
/// not in a stack trace.
/// </summary>
public static partial class ServiceProcess
{
    /// <summary>A setting is wrong (<c>EX_CONFIG</c> of sysexits.h).</summary>
    public const int ConfigurationExitCode = 78;

    /// <summary>An address to listen on is taken or not available (<c>EX_UNAVAILABLE</c> of sysexits.h).</summary>
    private const int UnavailableExitCode = 69;

    /// <summary>When this process was started, by the operating system's account, UTC.</summary>
    public static DateTimeOffset StartedAt { get; } = ReadStartTime();

    /// <summary>Runs <paramref name="main"/> and returns its exit code, or that of the failure it met.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> main)
    {
        // Scripts search the console for texts with emoji, whatever character set the locale names.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        try
        {
            return await main();
        }
        catch (ConfigurationException exception)
        {
            return await FailAsync(exception.Message);
        }
        catch (OptionsValidationException exception)
        {
            return await FailAsync(string.Join(' ', exception.Failures));
        }
        catch (InvalidOperationException exception) when (ConversionFailure().Match(exception.Message) is { Success: true } failure)
        {
            return await FailAsync(
                $"{failure.Groups["key"]} is '{failure.Groups["value"]}'. Allowed: {Describe(failure.Groups["type"].Value)}.");
        }
        catch (InvalidDataException exception)
        {
            var cause = exception.InnerException?.InnerException ?? exception.InnerException;
            return await FailAsync($"{exception.Message} {cause?.Message}".ReplaceLineEndings(" "));
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"ERROR {exception.Message} Stop the process that listens there, or set ASPNETCORE_URLS to a free address.");
            return UnavailableExitCode;
        }
        catch (SocketException exception)
        {
            await Console.Error.WriteLineAsync(
                $"ERROR Cannot listen: {exception.Message}. Set ASPNETCORE_URLS to an address of this machine and a port this user may open.");
            return UnavailableExitCode;
        }
    }

    /// <summary>
    /// Runs a host until it is told to stop, also when that happens before everything of it has started:
    /// it then stops as at any other time.
    /// </summary>
    public static async Task RunUntilStoppedAsync(this IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException) when (host.Services
            .GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // The host gives an interrupted start up with an exception.
        }

        await host.WaitForShutdownAsync();
    }

    private static DateTimeOffset ReadStartTime()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime.ToUniversalTime());
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync($"ERROR Configuration: {message}");
        return ConfigurationExitCode;
    }

    private static string Describe(string type) => type switch
    {
        "System.TimeSpan" => "a duration as hh:mm:ss",
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Boolean" => "true or false",
        _ => $"a value of {type}",
    };

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>.*)' to type '(?<type>.*)'",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConversionFailure();
}
