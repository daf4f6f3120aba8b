using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Scdn.Grains;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Passwords as they are kept: PBKDF2 with SHA-512, written <c>pbkdf2-sha512$ITERATIONS$SALT$HASH</c> so that the cost can be raised later.</summary>
internal static class Passwords
{
    /// <summary>Longer ones are refused before they cost anything.</summary>
    public const int MaxLength = 1024;

    private const int MinLength = 8;
    private const string Scheme = "pbkdf2-sha512";
    private const int SaltSize = 16;
    private const int HashSize = 64;

    /// <summary>What a new one costs: OWASP's figure for PBKDF2 with HMAC-SHA-512. Tests that sign in a thousand times set less.</summary>
    internal static int Iterations { get; set; } = 210_000;

    // Each check costs a tenth of a second of a core: the rest of the host goes on meanwhile.
    private static readonly SemaphoreSlim Turn = new(Math.Max(1, Environment.ProcessorCount / 2));

    private static string OfNobody => Write(RandomNumberGenerator.GetBytes(SaltSize), RandomNumberGenerator.GetBytes(HashSize));

    /// <summary>Why it can't be one; null when it can.</summary>
    public static Refusal? Check(string password) =>
        password.Length is < MinLength or > MaxLength ? Refusal.Invalid($"A password has {MinLength} to {MaxLength} characters.") : null;

    public static async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return Write(salt, await DeriveAsync(password, salt, Iterations, cancel));
    }

    /// <summary>Whether this is the password; without an account it costs as much and is false.</summary>
    public static async Task<bool> VerifyAsync(string? kept, string password, CancellationToken cancel)
    {
        var fields = (kept ?? OfNobody).Split('$');
        if (fields is not [Scheme, var iterations, var salt, var hash]) throw new FormatException("A password is kept in a form that is not known.");
        var derived = await DeriveAsync(password, Base64Url.DecodeFromChars(salt), int.Parse(iterations, NumberStyles.None, CultureInfo.InvariantCulture), cancel);
        return CryptographicOperations.FixedTimeEquals(derived, Base64Url.DecodeFromChars(hash)) && kept is not null;
    }

    private static string Write(byte[] salt, byte[] hash) => $"{Scheme}${Iterations}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}";

    private static async Task<byte[]> DeriveAsync(string password, byte[] salt, int iterations, CancellationToken cancel)
    {
        await Turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashSize), cancel);
        }
        finally
        {
            Turn.Release();
        }
    }
}
