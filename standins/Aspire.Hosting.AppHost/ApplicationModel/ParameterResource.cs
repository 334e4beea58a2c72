namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that whoever runs the application gives.</summary>
public sealed class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<ParameterResource, string> value, bool secret)
        : base(name)
    {
        _value = new Lazy<string>(() => value(this));
        Secret = secret;
    }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>Where the value comes from when nobody gives one.</summary>
    public ParameterDefault? Default { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    internal string ConfigurationKey => $"Parameters:{Name}";

    /// <summary>The value.</summary>
    /// <exception cref="MissingParameterValueException">Nobody gave a value and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value.Value);
}

/// <summary>A parameter has neither a value nor a default.</summary>
public sealed class MissingParameterValueException(string message) : DistributedApplicationException(message);

/// <summary>Where a parameter's value comes from when nobody gives one.</summary>
public abstract class ParameterDefault
{
    /// <summary>The default value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A default that was written down.</summary>
/// <param name="value">The default value.</param>
/// <param name="published">Whether the default is part of what is published.</param>
internal sealed class ConstantParameterDefault(string value, bool published) : ParameterDefault
{
    public bool Published { get; } = published;

    public override string GetDefaultValue() => value;
}
