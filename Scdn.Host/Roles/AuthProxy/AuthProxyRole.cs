using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Roles.AuthProxy;

/// <summary>
/// Stands between contents sites and gateways: a key is only asked for when the admin server says that the session is valid, and for no longer than that and what was bought last. What it orders (whose, content, completion time) the primary
/// gateway keeps with the key, and tells the content servers that the key names.
/// </summary>
internal sealed class AuthProxyRole(IAdmin admin, IGateway gateway) : IAuthProxy
{
    public async Task<Outcome<IssuedKey>> RequestKeyAsync(KeyRequest request, CancellationToken cancel)
    {
        var validated = await admin.ValidateSessionAsync(request.Session, cancel);
        if (!validated.IsGranted(out var session, out var refusal)) return refusal;
        var notAfter = request.Completion < session.Expires ? request.Completion.Value : session.Expires;
        return await gateway.IssueKeyAsync(new KeyOrder(session.Session, session.User, request.Content, request.Servers, notAfter, request.Grant, request.Stream, request.StartOf), cancel);
    }
}
