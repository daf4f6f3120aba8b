using System.Reflection;
using System.Text.Json;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Remote;

/// <summary>One method of a role's interface as it appears over HTTP: <c>Task&lt;Outcome&lt;TAnswer&gt;&gt; NameAsync(TRequest, CancellationToken)</c>.</summary>
internal sealed record RoleMethod(string Role, string Name, MethodInfo Method, Type Request, Type Answer)
{
    /// <summary>Where it is called.</summary>
    public string Path => $"/v1/roles/{Role}/{Name}";

    /// <summary>Whether every host of the role is told.</summary>
    public bool IsToldToAll { get; } = Method.GetCustomAttribute<ToldToAllAttribute>() is not null;

    /// <summary>All methods of a role.</summary>
    public static IReadOnlyList<RoleMethod> Of<TRole>()
        where TRole : class, IRole =>
        [.. typeof(TRole).GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => Of(TRole.Name, method))];

    public static RoleMethod Of(string role, MethodInfo method)
    {
        var answer = method.ReturnType.GetGenericArguments() is [{ IsGenericType: true } outcome] && outcome.GetGenericTypeDefinition() == typeof(Outcome<>)
            ? outcome.GetGenericArguments()[0]
            : throw new InvalidOperationException($"{method.DeclaringType?.Name}.{method.Name} does not return an outcome.");
        return method.GetParameters() is [var request, var cancel] && cancel.ParameterType == typeof(CancellationToken)
            ? new RoleMethod(role, NameOf(method), method, request.ParameterType, answer)
            : throw new InvalidOperationException($"{method.DeclaringType?.Name}.{method.Name} does not take one request and a token.");
    }

    private static string NameOf(MethodInfo method)
    {
        const string suffix = "Async";
        var name = method.Name.EndsWith(suffix, StringComparison.Ordinal) ? method.Name[..^suffix.Length] : method.Name;
        return JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }
}
