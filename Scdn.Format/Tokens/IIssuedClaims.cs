namespace Scdn.Format;

/// <summary>Claims of a token that a cluster issues: they name the issuer (RFC 7519 §4.1.1), and a token of any other is worth nothing.</summary>
public interface IIssuedClaims
{
    /// <summary>The one issuer whose tokens are accepted.</summary>
    const string Issuer = "scdn";

    /// <summary>Who issued it.</summary>
    string Iss { get; }
}
