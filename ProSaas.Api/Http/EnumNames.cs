using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProSaas.Api.Http;

/// <summary>What an enumeration's values are called in the API: in snake case, unless a <see cref="JsonStringEnumMemberNameAttribute"/> says another.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, Name);

    private static readonly FrozenDictionary<string, TEnum> Values =
        Names.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    /// <summary>What is wrong with a value that is none of them.</summary>
    public static readonly string Fault = $"It is {Join([.. Enum.GetValues<TEnum>().Select(Of)])}.";

    public static string Of(TEnum value) => Names[value];

    /// <summary>Null for a name that is none of them; numbers are none.</summary>
    public static TEnum? Find(string? name) => name is not null && Values.TryGetValue(name, out var value) ? value : null;

    private static string Name(TEnum value)
    {
        var name = value.ToString();
        return typeof(TEnum).GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    private static string Join(string[] names) =>
        names is [.. var others, var last] && others.Length > 0 ? $"{string.Join(", ", others)} or {last}" : names[0];
}
