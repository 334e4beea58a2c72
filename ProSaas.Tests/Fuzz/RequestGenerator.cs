namespace ProSaas.Tests.Fuzz;

/// <summary>
/// Makes requests for the operations of the API: right ones, and ones with something odd in them. It learns from answers, so that
/// later requests speak of what earlier ones made.
/// </summary>
internal sealed class RequestGenerator(int seed)
{
    private const int Remembered = 30;

    private static readonly string[] ContentTypes =
        ["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data; boundary=x", "x", ""];

    private static readonly string[] OddHeaders =
    [
        "Accept", "Accept-Language", "Authorization", "Cookie", "Origin", "Range", "traceparent", "X-Forwarded-For", "Expect",
        "X-CSRF-Token",
    ];

    private static readonly string[] Numbers =
        ["0", "1", "-1", "1.5", "-0", "1e3", "1e400", "2147483648", "9223372036854775807", "9223372036854775808", "00", "1_0"];

    private readonly Random _random = new(seed);

    /// <summary>By the name of a member, what answers had there.</summary>
    private readonly Dictionary<string, List<string>> _learned = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By a path, the last object that was answered there, which may come back changed.</summary>
    private readonly Dictionary<string, JsonElement> _objects = new(StringComparer.Ordinal);

    public FuzzRequest Next()
    {
        var operation = Pick(Operation.All);
        var (body, contentType) = Body(operation);
        return new FuzzRequest(operation, ActorFor(operation), Target(operation), [.. Headers(operation)], body, contentType);
    }

    /// <summary>Remembers what an answer says, to speak of it later.</summary>
    public void Learn(FuzzRequest request, ApiAnswer answer)
    {
        if (answer.Headers.ETag is { } tag)
        {
            Remember("If-Match", tag.ToString());
        }

        if ((int)answer.Status >= 300 || answer.MediaType is not "application/json" || answer.Text.Length is 0)
        {
            return;
        }

        var json = answer.Json;
        if (json.ValueKind is JsonValueKind.Object)
        {
            _objects[request.Operation.Path] = json;
        }

        Learn(json, request.Operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    public void Remember(string name, string value)
    {
        if (!_learned.TryGetValue(name, out var values))
        {
            _learned[name] = values = [];
        }

        if (!values.Contains(value, StringComparer.Ordinal))
        {
            values.Add(value);
            if (values.Count > Remembered)
            {
                values.RemoveAt(0);
            }
        }
    }

    private void Learn(JsonElement json, string name)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    Learn(member.Value, member.Name is "id" ? IdName(name) : member.Name);
                }

                break;
            case JsonValueKind.Array:
                foreach (var element in json.EnumerateArray().Take(5))
                {
                    Learn(element, name);
                }

                break;
            case JsonValueKind.String when json.GetString() is { Length: > 0 and < 1_000 } text:
                Remember(name, text);
                break;
            case JsonValueKind.Number:
                Remember(name, json.GetRawText());
                break;
        }
    }

    /// <summary>The name that paths have for the key of what is listed under a name.</summary>
    private static string IdName(string list) => list switch
    {
        "businesses" or "{businessId}" => "businessId",
        "faq" or "{entryId}" or "entries" => "entryId",
        "conversations" or "{conversationId}" => "conversationId",
        "contacts" => "contactId",
        "accounts" => "id",
        _ => list,
    };

    private Actor ActorFor(Operation operation)
    {
        if (_random.Next(8) == 0)
        {
            return Pick(Enum.GetValues<Actor>());
        }

        if (operation.Path.StartsWith("/api/whatsapp/", StringComparison.Ordinal))
        {
            return Actor.Service;
        }

        return operation.Path.StartsWith("/api/accounts", StringComparison.Ordinal)
            || operation is { Method: "POST", Path: "/api/businesses" }
            ? Actor.Administrator
            : Pick([Actor.Owner, Actor.Owner, Actor.Program, Actor.Administrator, Actor.Member]);
    }

    private string Target(Operation operation)
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var (name, place, values) in operation.Parameters)
        {
            if (place is "path")
            {
                var value = IsErasureOfBusiness(operation) ? $"{_random.Next(3, 13)}" : Parameter(name, values);
                path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            }
            else if (place is "query" && _random.Next(3) > 0)
            {
                query.Add($"{name}={Parameter(name, values)}");
            }
        }

        if (_random.Next(30) == 0)
        {
            query.Add(OddText.AsUrl(OddText.Next(_random), _random));
        }

        if (_random.Next(60) == 0)
        {
            path += Pick(["/", "%2f", "//", "/..", "%00", ";x=1", "/%ff"]);
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>Of any but the two that the actors belong to.</summary>
    private static bool IsErasureOfBusiness(Operation operation) =>
        operation is { Method: "DELETE", Path: "/api/businesses/{businessId}" };

    private string Parameter(string name, IReadOnlyList<string> values)
    {
        if (_random.Next(6) == 0)
        {
            return OddText.AsUrl(OddText.Next(_random), _random);
        }

        if (values.Count > 0)
        {
            return Pick(values);
        }

        if (name is "businessId" && _random.Next(2) == 0)
        {
            return "1";
        }

        return Learned(name) is { } learned
            ? Uri.EscapeDataString(learned)
            : _random.Next(1, 12).ToString(CultureInfo.InvariantCulture);
    }

    private IEnumerable<(string Name, string Value)> Headers(Operation operation)
    {
        if (operation.Method is "PUT" && _random.Next(8) > 0)
        {
            yield return ("If-Match", HeaderValue("If-Match", "*"));
        }

        foreach (var (name, place, _) in operation.Parameters)
        {
            if (place is "header" && _random.Next(2) == 0)
            {
                yield return (name, HeaderValue(name, $"key-{_random.Next(20)}"));
            }
        }

        if (operation.Path.EndsWith("/messages", StringComparison.Ordinal) && _random.Next(2) == 0)
        {
            yield return ("Accept", "text/event-stream");
        }

        if (_random.Next(20) == 0)
        {
            yield return (Pick(OddHeaders), OddText.AsHeader(OddText.Next(_random)));
        }
    }

    private string HeaderValue(string name, string otherwise) =>
        _random.Next(6) == 0 ? OddText.AsHeader(OddText.Next(_random)) : Learned(name) ?? otherwise;

    private (byte[]? Body, string? ContentType) Body(Operation operation)
    {
        if (operation.Body is not { } schema)
        {
            return _random.Next(30) == 0 ? (Encoding.UTF8.GetBytes(Odd(depth: 0)), Pick(ContentTypes)) : (null, null);
        }

        var odds = _random.Next(12) switch { < 4 => 0, < 10 => 1, _ => 3 };
        var json = _random.Next(25) == 0 ? Odd(depth: 0) : Object(operation, schema, odds);
        var bytes = Encoding.UTF8.GetBytes(json);
        switch (_random.Next(25))
        {
            case 0 when bytes.Length > 0:
                bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                break;
            case 1:
                bytes = bytes[.._random.Next(bytes.Length + 1)];
                break;
        }

        return (bytes, _random.Next(25) == 0 ? Pick(ContentTypes) : "application/json");
    }

    /// <summary>A body as the schema wants it, with so many members that are not.</summary>
    private string Object(Operation operation, JsonElement schema, int odds)
    {
        if (!schema.TryGetProperty("properties", out var properties))
        {
            return Odd(depth: 0);
        }

        var members = properties.EnumerateObject().Select(member => member.Name).ToList();
        var odd = Enumerable.Range(0, odds).Select(_ => Pick(members)).ToHashSet(StringComparer.Ordinal);
        var known = operation.Method is "PUT" && _objects.TryGetValue(operation.Path, out var answered) ? answered : operation.Example;
        var parts = new List<string>();
        foreach (var member in properties.EnumerateObject())
        {
            var value = odd.Contains(member.Name) ? Odd(depth: 0) : Right(member.Name, member.Value, known);
            if (value is not null)
            {
                parts.Add($"\"{member.Name}\":{value}");
            }
        }

        if (_random.Next(30) == 0)
        {
            parts.Add(Pick(parts.Append($"{OddText.AsJson(OddText.Next(_random), _random)}:1").ToList()));
        }

        return $"{{{string.Join(',', parts)}}}";
    }

    /// <summary>A value that the member may have: learned from an answer, or that of the example. Null leaves the member out.</summary>
    private string? Right(string name, JsonElement schema, JsonElement? known)
    {
        if (name is "business")
        {
            return _random.Next(3) > 0 ? "1" : Learned("businessId");
        }

        if (name is "messageId" or "email" or "phone" or "whatsappNumber" && _random.Next(2) == 0)
        {
            return Fresh(name);
        }

        if (_random.Next(4) == 0 && Resolved(schema) is "string" && Learned(name) is { } learned)
        {
            return OddText.AsJson(learned, _random);
        }

        return known?.ValueKind is JsonValueKind.Object && known.Value.TryGetProperty(name, out var value) ? value.GetRawText() : null;
    }

    private string Fresh(string name)
    {
        var number = _random.Next(1_000_000, 9_999_999);
        return name switch
        {
            "email" => $"\"fuzz{number}@example.com\"",
            "messageId" => $"\"3A{number}\"",
            _ => $"\"+97254{number}\"",
        };
    }

    private static string? Resolved(JsonElement schema)
    {
        var type = Operation.Resolve(schema).TryGetProperty("type", out var given) ? given : default;
        return type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Last().GetString()
            : type.ValueKind is JsonValueKind.String ? type.GetString()
            : null;
    }

    /// <summary>Any JSON, and now and then what is none.</summary>
    private string Odd(int depth) => _random.Next(depth > 3 ? 6 : 9) switch
    {
        0 => "null",
        1 => Pick(["true", "false"]),
        2 => Pick(Numbers),
        < 6 => OddText.AsJson(OddText.Next(_random), _random),
        6 => $"[{string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Odd(depth + 1)))}]",
        7 => $"{{{OddText.AsJson(OddText.Next(_random), _random)}:{Odd(depth + 1)}}}",
        _ => string.Concat(Enumerable.Repeat("[", _random.Next(1, 100))),
    };

    private string? Learned(string name) => _learned.TryGetValue(name, out var values) ? Pick(values) : null;

    private T Pick<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
