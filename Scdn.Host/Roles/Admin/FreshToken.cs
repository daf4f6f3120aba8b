using System.Buffers.Text;
using System.Security.Cryptography;
using Scdn.Grains.Operators;

namespace Scdn.Host.Roles.Admin;

/// <summary>An operator's token that was just made: the only time that it is known.</summary>
/// <param name="Text">It.</param>
/// <param name="State">What it is.</param>
internal sealed record FreshToken(string Text, OperatorTokenState State)
{
    private const string Prefix = "scdnop_";
    private const int Size = 32;

    /// <summary>Makes one.</summary>
    public FreshToken(OperatorTokenState state)
        : this(NewText(), state)
    {
    }

    /// <summary>The grain's id.</summary>
    public string Id { get; } = OperatorTokenState.IdOf(Text);

    /// <summary>What nobody can guess.</summary>
    public static string NewText() => $"{Prefix}{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size))}";
}
