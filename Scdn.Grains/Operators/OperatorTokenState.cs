using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>A token that an operator shows. The store knows its hash only.</summary>
/// <param name="Name">Whose, for people.</param>
/// <param name="Created">Since when.</param>
public sealed record OperatorTokenState(string Name, DateTimeOffset Created) : IGrainState<OperatorTokenState>
{
    /// <inheritdoc/>
    public static string Kind => "operator-token";

    /// <inheritdoc/>
    public static JsonTypeInfo<OperatorTokenState> Json => GrainJson.Default.OperatorTokenState;

    /// <summary>The grain's id: the token's SHA-256 in hexadecimal digits.</summary>
    public static string IdOf(string token) => TokenHash.Of(token);
}
