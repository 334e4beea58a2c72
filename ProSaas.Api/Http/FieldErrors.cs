using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Http;

/// <summary>What is wrong with the fields of a request, by the path of the member: <c>voice.speakingRate</c>, <c>openingHours[2]</c>.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public bool Any => _errors.Count > 0;

    public IReadOnlyDictionary<string, string[]> All => _errors;

    public void Add(string field, string error) => _errors[field] = _errors.TryGetValue(field, out var earlier) ? [.. earlier, error] : [error];

    /// <summary>The text without white space at its ends; told as an error, and empty, when there is none.</summary>
    /// <param name="maxLength">In UTF-16 characters.</param>
    public string Required(string field, string? value, int maxLength)
    {
        if (Optional(field, value, maxLength) is { } text)
        {
            return text;
        }

        if (!_errors.ContainsKey(field))
        {
            Add(field, "It is required.");
        }

        return "";
    }

    /// <summary>The text without white space at its ends; null when there is none, or it cannot be kept.</summary>
    /// <param name="maxLength">In UTF-16 characters.</param>
    public string? Optional(string field, string? value, int maxLength)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length > maxLength)
        {
            Add(field, string.Create(CultureInfo.InvariantCulture, $"It has {text.Length} characters; at most {maxLength} are allowed."));
            return null;
        }

        // PostgreSQL has no text with a NUL, and nobody means the others.
        if (text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
        {
            Add(field, "It has a control character.");
            return null;
        }

        return text;
    }

    /// <summary>The answer to a request with these errors.</summary>
    public ValidationProblem ToProblem() => Problem.Invalid(_errors);
}
