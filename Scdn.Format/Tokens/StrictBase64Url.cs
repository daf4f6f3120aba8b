using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Scdn.Format;

/// <summary>Base64url (RFC 4648 §5) in its one form: no padding, no white space, no bits beyond the last byte. A token has one spelling.</summary>
internal static class StrictBase64Url
{
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')) return false;
        }

        if (text.Length % 4 == 1) return false;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return false;
        }

        return Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(text);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, int size, [NotNullWhen(true)] out byte[]? bytes) => TryDecode(text, out bytes) && bytes.Length == size;
}
