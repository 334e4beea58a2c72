using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Requests;

/// <summary>
/// Which part of a list is asked for. A cursor is the key of the last item seen, so that rows which come and go meanwhile shift
/// nothing; it is no secret and gives no right: each list looks again at what its reader may see.
/// </summary>
public sealed class PageRequest
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    [FromQuery(Name = "cursor"), Description("nextCursor of the part before; none for the first.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit"), Description("How many items at most, 1 to 100; 25 when it is not given.")]
    public string? Limit { get; init; }

    /// <summary>Reads both; otherwise the answer, 400.</summary>
    /// <param name="afterKey">The key that the part starts after; null for the first.</param>
    public bool TryRead(out long? afterKey, out int limit, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        afterKey = null;
        limit = DefaultLimit;
        refusal = null;
        if (Limit is { Length: > 0 } given && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            refusal = Problem.Of(StatusCodes.Status400BadRequest, "invalid-limit", "The limit is not valid", $"limit is a whole number from 1 to {MaxLimit}.");
        }
        else if (Cursor is { Length: > 0 } cursor)
        {
            afterKey = Decode(cursor);
            refusal = afterKey is not null ? null : Problem.Of(
                StatusCodes.Status400BadRequest, "invalid-cursor", "The cursor is not valid", "Send nextCursor of an earlier answer as it was, or no cursor for the first part.");
        }

        return refusal is null;
    }

    /// <summary>A page of rows that were read with one more than the limit, to see whether there are more.</summary>
    public static Page<T> ToPage<TRow, T>(IReadOnlyList<TRow> rows, int limit, Func<TRow, long> key, Func<TRow, T> item)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(key);
        return new([.. rows.Take(limit).Select(item)], rows.Count > limit ? Encode(key(rows[limit - 1])) : null);
    }

    private static string Encode(long key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, key);
        return Base64Url.EncodeToString(bytes);
    }

    private static long? Decode(string cursor)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return Base64Url.IsValid(cursor, out var length)
            && length == sizeof(long)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            && BinaryPrimitives.ReadInt64BigEndian(bytes) is > 0 and var key
                ? key
                : null;
    }
}
