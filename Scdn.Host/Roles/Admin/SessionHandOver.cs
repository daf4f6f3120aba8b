using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>Sessions on an operator's word, or on that of a contents site that signs viewers in by itself and hands their clients the credential.</summary>
internal sealed class SessionHandOver(Sessions sessions, HostSigner signer)
{
    /// <summary>Opens one; with the key of the viewer's client there is a credential, as the site gives one at sign-in.</summary>
    public async Task<Outcome<AddedSession>> AddAsync(AddSessionRequest request, CancellationToken cancel)
    {
        if (request.ClientKey is { } thumbprint && !Thumbprints.IsWellFormed(thumbprint))
            return Refusal.Invalid("The client's key is named by its JWK thumbprint (RFC 7638): SHA-256 in base64url, 43 characters.");
        if (!(await sessions.OpenAsync(new OpenSession(request.User, request.ClientKey), cancel)).IsGranted(out var opened, out var refusal)) return refusal;
        var credential = request.ClientKey is { } key ? SessionCredential.Sign(signer, opened, key) : null;
        return new AddedSession(opened.Id, opened.User, opened.Opened, opened.Expires, opened.Valid, credential);
    }
}
