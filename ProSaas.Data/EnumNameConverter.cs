using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProSaas.Data;

/// <summary>An enumeration's value as its name.</summary>
public sealed class EnumNameConverter<TEnum>()
    : ValueConverter<TEnum, string>(value => EnumNames.Of(value), name => EnumNames.Parse<TEnum>(name))
    where TEnum : struct, Enum;
