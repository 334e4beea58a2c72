using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds values that whoever runs the application gives.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value that must be given: setting <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(builder.CreateParameter(name, secret, defaultValue: null));

    /// <summary>Adds a value with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The default.</param>
    /// <param name="publishValueAsDefault">Whether the default is part of what is published.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <exception cref="ArgumentException">A secret's default would be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        return builder.AddResource(builder.CreateParameter(name, secret, new ConstantParameterDefault(value, publishValueAsDefault)));
    }

    /// <summary>Adds a value with a default that is worked out.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether the default is kept in the user secrets, so that the next run has the same.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(builder.CreateParameter(name, secret, value, persist));

    /// <summary>A parameter that is not one of the application's resources.</summary>
    internal static ParameterResource CreateParameter(this IDistributedApplicationBuilder builder, string name, bool secret, ParameterDefault? defaultValue, bool persist = false) =>
        new(name, parameter => Value(builder, parameter, persist), secret) { Default = defaultValue };

    private static string Value(IDistributedApplicationBuilder builder, ParameterResource parameter, bool persist)
    {
        var given = builder.Configuration[parameter.ConfigurationKey] ?? builder.Configuration[parameter.ConfigurationKey.Replace('-', '_')];
        if (given is not null)
        {
            return given;
        }

        if (parameter.Default is null)
        {
            throw new MissingParameterValueException(
                $"Parameter resource could not be used because configuration key '{parameter.ConfigurationKey}' is missing and the Parameter has no default value. Set the environment variable {parameter.ConfigurationKey.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')}, or the key in the AppHost's user secrets.");
        }

        if (!persist || builder.ExecutionContext.IsPublishMode)
        {
            return parameter.Default.GetDefaultValue();
        }

        var secrets = new UserSecrets(builder.AppHostAssembly);
        if (secrets.Read(parameter.ConfigurationKey) is { } stored)
        {
            return stored;
        }

        var value = parameter.Default.GetDefaultValue();
        secrets.TryWrite(parameter.ConfigurationKey, value);
        return value;
    }
}
