using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives its value when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null if there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Names its value in a manifest.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression that stands for the value in a manifest.</summary>
    string ValueExpression { get; }
}

/// <summary>Text with values in it that are known later.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private ReferenceExpression(IReadOnlyList<ReferencePart> parts) => Parts = parts;

    /// <inheritdoc />
    public string ValueExpression => string.Concat(Parts.Select(part => part.Expression));

    internal IReadOnlyList<ReferencePart> Parts { get; }

    /// <summary>The expression that an interpolated string stands for.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    /// <summary>Values known later, with text between them.</summary>
    internal static ReferenceExpression Join(string separator, IEnumerable<IValueProvider> values) => new(
        [.. values.SelectMany((value, index) => index == 0 ? (ReferencePart[])[new(null, value, null)] : [new(separator, null, null), new(null, value, null)])]);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(await part.GetValueAsync(cancellationToken));
        }

        return text.ToString();
    }

    /// <summary>Collects an interpolated string's parts without formatting them.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        /// <summary>Begins an interpolated string. The compiler passes what it knows of its size.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => Parts = new List<ReferencePart>(formattedCount + (literalLength > 0 ? 1 : 0));

        internal List<ReferencePart> Parts { get; }

        /// <summary>Adds text.</summary>
        public void AppendLiteral(string value) => Parts.Add(new ReferencePart(value, null, null));

        /// <summary>Adds text.</summary>
        public void AppendFormatted(string? value) => Parts.Add(new ReferencePart(value, null, null));

        /// <summary>Adds a value known later.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add(new ReferencePart(null, valueProvider, null));

        /// <summary>Adds a value known later, in a form such as <c>uri</c>.</summary>
        internal void AppendFormatted<T>(T valueProvider, string format)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add(new ReferencePart(null, valueProvider, format));

        /// <summary>Adds a resource's value.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);
    }
}

/// <summary>A piece of a <see cref="ReferenceExpression"/>: either text or a value known later.</summary>
internal sealed record ReferencePart(string? Literal, object? Provider, string? Format)
{
    public string Expression => Provider switch
    {
        null => Literal ?? "",
        ParameterResource parameter when Format is "uri" => $"{{{UriEncodedName(parameter)}.value}}",
        IManifestExpressionProvider provider => provider.ValueExpression,
        _ => "",
    };

    public static string UriEncodedName(ParameterResource parameter) => $"{parameter.Name}-uri-encoded";

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var value = Provider is null ? Literal : await ((IValueProvider)Provider).GetValueAsync(cancellationToken);
        return Format is "uri" && value is not null ? Uri.EscapeDataString(value) : value;
    }
}
