using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Remote;

/// <summary>
/// What a content server may ask of control roles, each time for itself only; control hosts may ask everything. So a stolen content server gets no key,
/// no licence, and cannot speak for another.
/// </summary>
internal static class ContentServerAccess
{
    private static readonly Dictionary<(Type Role, string Method), Func<object, ServerId, bool>> Allowed = new()
    {
        [(typeof(ICdMaster), nameof(ICdMaster.PlanCopyAsync))] = (request, server) => ((CopyRequest)request).Server == server,
        [(typeof(ICdMaster), nameof(ICdMaster.ReportReplicaAsync))] = (request, server) => ((ReplicaReport)request).Server == server,
        [(typeof(IIpMaster), nameof(IIpMaster.ReportLoadAsync))] = (request, server) => ((LoadReport)request).Server == server,
        [(typeof(IGateway), nameof(IGateway.VerifyKeyAsync))] = (_, _) => true,
        [(typeof(IAdmin), nameof(IAdmin.ShipRecordsAsync))] = (request, server) => ((IReadOnlyList<ConnectionRecord>)request).All(record => record.Server == server),
    };

    /// <summary>Null when the caller may ask this; else why not.</summary>
    public static Refusal? Check(RoleMethod method, object request, HostCaller caller)
    {
        if (caller.ControlHost is not null) return null;
        if (caller.Server is not { } server || !Allowed.TryGetValue((method.Method.DeclaringType!, method.Method.Name), out var isOwn))
            return Refusal.Denied($"Content servers may not ask for {method.Role}/{method.Name}.");
        return isOwn(request, server) ? null : Refusal.Denied("A content server speaks for itself only.");
    }
}
