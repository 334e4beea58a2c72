using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ProSaas.ServiceDefaults.Configuration;

/// <summary>
/// The range of a setting; the bounds are written as in configuration. Unlike <see cref="RangeAttribute"/> the message
/// names the whole configuration key and the value found. The options class names its section in a constant <c>SectionName</c>.
/// </summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The largest value allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    /// <summary>The smallest value allowed.</summary>
    public string Minimum { get; } = minimum;

    /// <summary>The largest value allowed.</summary>
    public string Maximum { get; } = maximum;

    /// <inheritdoc />
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var inside = value switch
        {
            TimeSpan span => span >= Parse<TimeSpan>(Minimum) && span <= Parse<TimeSpan>(Maximum),
            int number => number >= Parse<int>(Minimum) && number <= Parse<int>(Maximum),
            long number => number >= Parse<long>(Minimum) && number <= Parse<long>(Maximum),
            _ => throw new NotSupportedException($"{nameof(AllowedRangeAttribute)} knows no range of {value?.GetType()}."),
        };

        if (inside)
        {
            return ValidationResult.Success;
        }

        var section = validationContext.ObjectType.GetField("SectionName")?.GetRawConstantValue();
        return new ValidationResult(string.Create(
            CultureInfo.InvariantCulture,
            $"{section}:{validationContext.MemberName} is '{value}'. Allowed: {Minimum} to {Maximum}."));
    }

    private static T Parse<T>(string text)
        where T : IParsable<T> =>
        T.Parse(text, CultureInfo.InvariantCulture);
}
