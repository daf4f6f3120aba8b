using System.Security.Cryptography;
using System.Text;

namespace Scdn.Grains;

/// <summary>The id of a grain that stands for a secret token: its SHA-256, so that the store never holds the token itself.</summary>
internal static class TokenHash
{
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
