using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Roles.AuthProxy;

/// <summary>Stands between contents sites and gateways: a key is only asked for when the admin server says that the session is valid.</summary>
internal sealed class AuthProxyRole(IAdmin admin, IGateway gateway) : IAuthProxy
{
    public async Task<Outcome<IssuedKey>> RequestKeyAsync(KeyRequest request, CancellationToken cancel)
    {
        var validated = await admin.ValidateSessionAsync(request.Session, cancel);
        return validated.IsGranted(out var session, out var refusal)
            ? await gateway.IssueKeyAsync(new KeyOrder(session.Session, session.User, request.Content, request.Servers, session.Expires), cancel)
            : refusal;
    }
}
