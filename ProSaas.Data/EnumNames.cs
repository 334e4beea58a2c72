using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProSaas.Data;

/// <summary>
/// What an enumeration's values are called in the API and in the database: in snake case, unless a
/// <see cref="JsonStringEnumMemberNameAttribute"/> says another.
/// </summary>
public static class EnumNames
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Cache<TEnum>.Names[value];

    /// <summary>Null for a name that is none of them; numbers are none.</summary>
    public static TEnum? Find<TEnum>(string? name)
        where TEnum : struct, Enum => name is not null && Cache<TEnum>.Values.TryGetValue(name, out var value) ? value : null;

    /// <exception cref="ArgumentOutOfRangeException">The name is none of them.</exception>
    public static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum => Find<TEnum>(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, message: null);

    /// <summary>What is wrong with a value that is none of them.</summary>
    public static string Fault<TEnum>()
        where TEnum : struct, Enum => Cache<TEnum>.Fault;

    private static class Cache<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, Name);

        public static readonly FrozenDictionary<string, TEnum> Values =
            Names.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

        public static readonly string Fault = $"It is {Join([.. Enum.GetValues<TEnum>().Select(Of)])}.";

        private static string Name(TEnum value)
        {
            var name = value.ToString();
            return typeof(TEnum).GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
        }

        private static string Join(string[] names) =>
            names is [.. var others, var last] && others.Length > 0 ? $"{string.Join(", ", others)} or {last}" : names[0];
    }
}
