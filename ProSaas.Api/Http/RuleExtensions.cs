using FluentValidation;
using ProSaas.Data;

namespace ProSaas.Api.Http;

/// <summary>Rules that many requests have.</summary>
internal static class RuleExtensions
{
    /// <summary>More than white space, and as <see cref="OptionalText"/>.</summary>
    /// <inheritdoc cref="OptionalText"/>
    public static IRuleBuilderOptionsConditions<T, string?> RequiredText<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.Must(text => !string.IsNullOrWhiteSpace(text)).WithMessage("It is required.").OptionalText(maxLength);

    /// <summary>
    /// Not too long, and without control characters but those of layout: PostgreSQL keeps no
    /// NUL, and nobody means the others.
    /// </summary>
    /// <param name="maxLength">In UTF-16 characters, white space at the ends not counted.</param>
    public static IRuleBuilderOptionsConditions<T, string?> OptionalText<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.Custom((value, context) =>
        {
            var text = value.TrimToNull() ?? "";
            if (text.Length > maxLength)
            {
                context.AddFailure($"It has {text.Length} characters; at most {maxLength} are allowed.");
            }
            else if (text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
            {
                context.AddFailure("It has a control character.");
            }
        });

    /// <summary>One of the enumeration's values.</summary>
    public static IRuleBuilderOptions<T, TEnum?> RequiredName<T, TEnum>(this IRuleBuilder<T, TEnum?> rule)
        where TEnum : struct, Enum =>
        rule.NotNull().WithMessage(EnumNames.Fault<TEnum>());

    /// <summary>The text without white space at its ends; null when nothing is left.</summary>
    public static string? TrimToNull(this string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
