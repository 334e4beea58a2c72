using System.Reflection;
using System.Runtime.CompilerServices;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>Writes members as the list of the package's members does: as in C#, without modifiers, names of types without their namespaces.</summary>
internal static class MemberSignature
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>The type's name with its namespace.</summary>
    public static string OfType(Type type) => $"{type.Namespace}.{Name(type)}";

    /// <summary>The public members that the type declares.</summary>
    public static IEnumerable<string> Of(Type type) =>
        type.GetMethods(Declared).Select(Method).Concat(type.GetConstructors().Select(constructor => $".ctor({Parameters(constructor)})"));

    private static string Method(MethodInfo method)
    {
        var obsolete = method.GetCustomAttribute<ObsoleteAttribute>();
        return $"{Name(method.ReturnType)} {method.Name}{TypeParameters(method)}({Parameters(method)}){Constraints(method)}{(obsolete is null ? "" : $" [Obsolete {obsolete.Message}]")}";
    }

    private static string TypeParameters(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Constraints(MethodInfo method) => string.Concat(
        from parameter in method.IsGenericMethod ? method.GetGenericArguments() : []
        let constraints = parameter.GetGenericParameterConstraints()
        where constraints.Length > 0
        select $" where {parameter.Name} : {string.Join(", ", constraints.Select(Name))}");

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var modifier = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{modifier}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")}";
    }

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        int value when parameter.ParameterType.IsEnum => Enum.GetName(parameter.ParameterType, value)!,
        var value => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var outer = type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}." : "";
        return outer + (type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name);
    }
}
