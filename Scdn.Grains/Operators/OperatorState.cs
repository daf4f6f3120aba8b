using System.Text.Json.Serialization.Metadata;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>An operator's account.</summary>
/// <param name="Name">What the operator signs in with, as it was written at first.</param>
/// <param name="Role">What it allows.</param>
/// <param name="PasswordHash">The salted hash of the password with its parameters, as its maker writes it.</param>
/// <param name="Created">Since when.</param>
/// <param name="Passwords">How many passwords it has had: what was signed in with an earlier one than the present is worth nothing.</param>
/// <param name="Disabled">Since when it is worth nothing; null: it is in use.</param>
public sealed record OperatorState(string Name, OperatorRole Role, string PasswordHash, DateTimeOffset Created, int Passwords = 1, DateTimeOffset? Disabled = null)
    : IGrainState<OperatorState>
{
    /// <inheritdoc/>
    public static string Kind => "operator";

    /// <inheritdoc/>
    public static JsonTypeInfo<OperatorState> Json => GrainJson.Default.OperatorState;

    /// <summary>The grain's id: the name in lower case, so that nobody can pass for another by a capital letter.</summary>
    public static string IdOf(string name) => name.ToLowerInvariant();
}
