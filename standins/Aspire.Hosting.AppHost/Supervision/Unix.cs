using System.Runtime.InteropServices;

namespace Aspire.Hosting.Supervision;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Unix
{
    public const int SignalInterrupt = 2;
    public const int SignalQuit = 3;
    public const int SignalKill = 9;
    public const int SignalTerminate = 15;

    /// <summary>Sends a signal to every process of a group.</summary>
    /// <returns>False if there is no such group any more.</returns>
    public static bool SignalGroup(int group, int signal) => Kill(-group, signal) == 0;

    /// <summary>Whether there is a process of that id.</summary>
    public static bool ProcessExists(int processId) => Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() == OperationNotPermitted;

    /// <summary>Gives a file or folder to another user.</summary>
    /// <exception cref="IOException">The file is not there, or this user may not give it away.</exception>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (Chown(path, user, group) != 0)
        {
            throw new IOException($"The owner of '{path}' could not be changed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private const int OperationNotPermitted = 1;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);
}
