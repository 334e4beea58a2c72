using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace ProSaas.Api.Http;

/// <summary>
/// Which part of a list is asked for. A cursor is the key of the last item seen, so that rows which come and go meanwhile shift
/// nothing; it is not a secret and gives no right: each list checks again what its reader may see.
/// </summary>
internal class PageRequest
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    [FromQuery(Name = "cursor"), Description("nextCursor of the page before; none for the first.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit"), Description("How many items at most, 1 to 100; 25 when it is not given.")]
    public string? Limit { get; init; }

    /// <summary>The key that the part starts after; null for the first, and for a cursor that no answer had.</summary>
    internal long? After => Cursor is { Length: > 0 } cursor ? Decode(cursor) : null;

    /// <summary>How many rows to read: one more than the part has, to see whether there are more.</summary>
    internal int Rows => (ReadLimit() ?? DefaultLimit) + 1;

    /// <summary>The part of the list that <see cref="Rows"/> rows make.</summary>
    internal Page<T> ToPage<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, long> key, Func<TRow, T> item) =>
        new([.. rows.Take(Rows - 1).Select(item)], rows.Count == Rows ? Encode(key(rows[Rows - 2])) : null);

    private int? ReadLimit() =>
        int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit : null;

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

    /// <summary>The rules of a page; a list with more parameters adds its own.</summary>
    internal class Validator<TRequest> : RequestValidator<TRequest>
        where TRequest : PageRequest
    {
        public Validator()
        {
            RuleFor(page => page.Limit).Must((page, limit) => string.IsNullOrEmpty(limit) || page.ReadLimit() is not null)
                .WithMessage($"It is a whole number from 1 to {MaxLimit}.");
            RuleFor(page => page.Cursor).Must((page, cursor) => string.IsNullOrEmpty(cursor) || page.After is not null)
                .WithMessage("Send nextCursor of an earlier answer as it was, or no cursor for the first part.");
        }
    }
}
