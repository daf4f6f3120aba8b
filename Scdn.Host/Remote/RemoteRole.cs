using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Scdn.Grains.Roles;

namespace Scdn.Host.Remote;

/// <summary>The asking end of the bridge: a role that runs elsewhere, behind its own interface.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
internal class RemoteRole<TRole> : DispatchProxy
    where TRole : class, IRole
{
    private static readonly ConcurrentDictionary<MethodInfo, Func<RoleCaller, object?[], object>> Calls = new();

    private RoleCaller? _caller;

    public static TRole Over(RoleCaller caller)
    {
        var proxy = Create<TRole, RemoteRole<TRole>>();
        ((RemoteRole<TRole>)(object)proxy)._caller = caller;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Calls.GetOrAdd(targetMethod!, Bind)(_caller!, args!);

    private static Func<RoleCaller, object?[], object> Bind(MethodInfo method)
    {
        var described = RoleMethod.Of(TRole.Name, method);
        return typeof(RemoteRole<TRole>).GetMethod(nameof(BindTyped), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(described.Request, described.Answer)
            .CreateDelegate<Func<RoleMethod, Func<RoleCaller, object?[], object>>>()(described);
    }

    private static Func<RoleCaller, object?[], object> BindTyped<TRequest, TAnswer>(RoleMethod method) =>
        (caller, args) => caller.CallAsync<TRequest, TAnswer>(method, (TRequest)args[0]!, (CancellationToken)args[1]!);
}
