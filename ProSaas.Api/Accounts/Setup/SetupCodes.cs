using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Setup;

/// <summary>
/// The one-time code that makes the first administrator where no setting names one.
/// Its methods are parts of a unit of work of the system.
/// </summary>
internal sealed class SetupCodes(TimeProvider time)
{
    private const int CodeBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>A new code to be printed; null while one that was printed before is still good.</summary>
    public async Task<string?> CreateAsync(ProSaasDbContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await context.SetupCodes.Where(code => code.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        if (await context.SetupCodes.AnyAsync(cancellationToken))
        {
            return null;
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CodeBytes));
        context.SetupCodes.Add(new SetupCode { Hash = HashOf(code), ExpiresAt = now + Lifetime });
        await context.SaveChangesAsync(cancellationToken);
        return code;
    }

    /// <summary>Whether the code is good: it is no more once there is an administrator, wherever they came from.</summary>
    public async Task<bool> IsGoodAsync(ProSaasDbContext context, string code, CancellationToken cancellationToken)
    {
        var hash = HashOf(code.Trim());
        var now = time.GetUtcNow();
        return await context.SetupCodes.AnyAsync(
            known => known.Hash == hash && known.ExpiresAt > now && !context.Accounts.Any(account => account.IsSystemAdmin),
            cancellationToken);
    }

    /// <summary>Ends every code, when there is an administrator.</summary>
    public static Task<int> EndAsync(ProSaasDbContext context, CancellationToken cancellationToken) =>
        context.SetupCodes.ExecuteDeleteAsync(cancellationToken);

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
