using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>The claims of a proof (RFC 9449 §4.2), and <c>bh</c>, the hash of the request's body.</summary>
internal sealed record ProofClaims
{
    [JsonPropertyName("jti")]
    public string? Id { get; init; }

    [JsonPropertyName("htm")]
    public string? Method { get; init; }

    [JsonPropertyName("htu")]
    public string? Url { get; init; }

    [JsonPropertyName("iat")]
    public long? IssuedAt { get; init; }

    [JsonPropertyName("ath")]
    public string? TokenHash { get; init; }

    [JsonPropertyName("bh")]
    public string? BodyHash { get; init; }
}
