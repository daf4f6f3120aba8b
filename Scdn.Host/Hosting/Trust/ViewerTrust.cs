using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Admits viewers: a credential that a control host signed, a proof of the key it is bound to, and a session that is valid now.</summary>
internal sealed class ViewerTrust(ProofReader proofs, ClusterDirectory directory, IAdmin admin, TimeProvider time)
{
    private static readonly Refusal NoCredential =
        Refusal.Unauthenticated("This is for signed-in viewers: send the session credential as 'Authorization: DPoP …' (an authentication key opens nothing here).");

    public async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        if (Trusted.Credential(context.Request, "DPoP") is not { } credential) return NoCredential;
        if (!Es256.TryVerify(credential, SessionCredential.Type, directory.FindSigningKey, CredentialJson.Default.SessionCredential, out var claims)) return NoCredential;
        if (time.GetUtcNow() >= DateTimeOffset.FromUnixTimeSeconds(claims.Exp)) return Refusal.Unauthenticated("The session credential has expired: sign in again.");

        if (!(await proofs.ReadAsync(context, ProofReader.ViewerHeaderName, credential)).IsGranted(out var proof, out var refusal)) return refusal;
        if (proof.Thumbprint != claims.Cnf.Jkt) return Refusal.Unauthenticated("The proof is made with another key than the one the session is bound to.");

        var session = await admin.ValidateSessionAsync(claims.Sid, context.RequestAborted);
        if (!session.IsGranted(out var valid, out var invalid)) return invalid.Kind == RefusalKind.Unavailable ? invalid : Refusal.Unauthenticated(invalid.Detail);
        if (valid.ClientKeyThumbprint != proof.Thumbprint) return Refusal.Unauthenticated("The session is bound to another key.");
        context.Features.Set(new ViewerCaller(valid.Session, valid.User, valid.Expires));
        return null;
    }
}
