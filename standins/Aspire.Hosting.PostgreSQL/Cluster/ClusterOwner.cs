using System.Globalization;
using System.Runtime.Versioning;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>The user that PostgreSQL runs as.</summary>
/// <param name="Name">The user's name; null for the user of this process.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="GroupId">The id of the user's group.</param>
[UnsupportedOSPlatform("windows")]
internal sealed record ClusterOwner(string? Name, uint UserId, uint GroupId)
{
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traversable = UserOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private static readonly string[] Preferred = ["postgres", "_postgres", "nobody"];

    /// <summary>This process's own user, or an unprivileged one if that is root, as which PostgreSQL refuses to run.</summary>
    /// <exception cref="DistributedApplicationException">The system has no unprivileged user that is known.</exception>
    public static ClusterOwner Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ClusterOwner(null, 0, 0);
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var chosen = Preferred.Select(name => users.Find(fields => fields[0] == name)).FirstOrDefault(fields => fields is not null)
            ?? throw new DistributedApplicationException($"PostgreSQL does not run as root, and none of the users {string.Join(", ", Preferred)} is there: create one of them.");
        return new ClusterOwner(chosen[0], uint.Parse(chosen[2], CultureInfo.InvariantCulture), uint.Parse(chosen[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Gives a file or folder to this user.</summary>
    public void Give(string path)
    {
        if (Name is not null)
        {
            Unix.ChangeOwner(path, UserId, GroupId);
        }
    }

    /// <summary>Makes a folder that only this user can read.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be made.</exception>
    public void CreatePrivateFolder(string path)
    {
        try
        {
            CreateParents(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, UserOnly);
            Give(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"the folder '{path}' for PostgreSQL's data cannot be made: {exception.Message}");
        }
    }

    /// <summary>Whatever root's own mask is, the user that PostgreSQL runs as must get to its folder.</summary>
    private void CreateParents(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        CreateParents(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path);
        if (Name is not null)
        {
            File.SetUnixFileMode(path, Traversable);
        }
    }
}
