using System.Diagnostics.CodeAnalysis;

namespace Scdn.Format;

/// <summary>What checking a proof found: who made it, or why it does not count.</summary>
public sealed record ProofCheck
{
    private ProofCheck()
    {
    }

    /// <summary>Whether the proof holds.</summary>
    [MemberNotNullWhen(true, nameof(Key), nameof(Thumbprint), nameof(Id))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsValid => Fault is null;

    /// <summary>The key it was made with.</summary>
    public JsonWebKey? Key { get; private init; }

    /// <summary>The key's thumbprint (RFC 7638).</summary>
    public string? Thumbprint { get; private init; }

    /// <summary>The proof's own id (<c>jti</c>): whoever must not accept a proof twice remembers it for as long as the tolerance lasts.</summary>
    public string? Id { get; private init; }

    /// <summary>Why it does not hold, as a sentence; null when it does.</summary>
    public string? Fault { get; private init; }

    internal static ProofCheck Valid(JsonWebKey key, string id) => new() { Key = key, Thumbprint = key.Thumbprint(), Id = id };

    internal static ProofCheck Invalid(string fault) => new() { Fault = fault };
}
