using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>The SHA-256 of a public key (its SubjectPublicKeyInfo, RFC 5280); printed as 64 hexadecimal digits. Four words, not two <see cref="UInt128"/>: what handles a type with one in it is never compiled ahead.</summary>
internal readonly record struct KeyHash
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private KeyHash(ReadOnlySpan<byte> hash)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>The hash of a key's SubjectPublicKeyInfo.</summary>
    public static KeyHash Of(byte[] key) => new(SHA256.HashData(key));

    /// <summary>Parses 64 lower-case hexadecimal digits and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyHash hash)
    {
        hash = default;
        if (text is not { Length: 64 } || !text.All(char.IsAsciiHexDigitLower)) return false;
        hash = new(Convert.FromHexString(text));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_first:x16}{_second:x16}{_third:x16}{_fourth:x16}";
}
