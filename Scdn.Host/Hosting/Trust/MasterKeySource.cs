using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Scdn.Format;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Where a host's master keys are: in the environment, which never changes while it runs, or in a file of the data folder that only its owner can read, which may. One key, or several while they are being changed, the newest last.</summary>
/// <param name="Place">What to call it in sentences.</param>
/// <param name="Path">The file; null: the environment.</param>
internal sealed record MasterKeySource(string Place, string? Path)
{
    /// <summary>The environment's variable that holds them, in base64url, separated by commas; wins over the file.</summary>
    public const string Variable = "SCDN_MASTER_KEY";

    private const string FileName = "master.key";

    /// <summary>Of a data folder.</summary>
    public static MasterKeySource Of(string dataFolder) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }
        ? new(Variable, null)
        : new(System.IO.Path.Combine(dataFolder, FileName), System.IO.Path.Combine(dataFolder, FileName));

    /// <summary>The keys; in a folder without any, one is made.</summary>
    /// <exception cref="HostStartException">There are none that can be used.</exception>
    public IReadOnlyList<SealingKey> ReadOrMake() =>
        Path is null ? Read() : ParseFile(SecretFile.ReadOrMake(Path, () => RandomNumberGenerator.GetBytes(SealingKey.Size)), Path);

    /// <summary>The keys.</summary>
    /// <exception cref="HostStartException">There are none that can be used.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IReadOnlyList<SealingKey> Read() => Path is null ? ParseText(Environment.GetEnvironmentVariable(Variable) ?? "", Variable) : ParseFile(File.ReadAllBytes(Path), Path);

    /// <summary>Keeps these in the file; whoever comes after a crash finds all of the ones before or all of these.</summary>
    public static void Write(string path, IEnumerable<SealingKey> keys) => PrivateFile.Replace(path, Encoding.ASCII.GetBytes(string.Concat(keys.Select(Line))));

    /// <summary>A key as a line of the file.</summary>
    public static string Line(SealingKey key) => $"{Base64Url.EncodeToString(key.Bytes)}\n";

    /// <summary>The keys in a file: as text, or the one key itself, as it was kept before there could be several.</summary>
    public static IReadOnlyList<SealingKey> ParseFile(byte[] bytes, string place) => bytes.Length == SealingKey.Size ? [new(bytes)] : ParseText(Encoding.ASCII.GetString(bytes), place);

    /// <summary>The keys in a text: lines, or separated by commas.</summary>
    public static IReadOnlyList<SealingKey> ParseText(string text, string place)
    {
        var keys = text.Split(['\n', '\r', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length == 0) throw new HostStartException($"There is no master key in {place}: put the right one back.");
        return [.. keys.Select(key => ParseOne(key, place)).DistinctBy(key => key.Id)];
    }

    private static SealingKey ParseOne(string text, string place)
    {
        // The text is not shown: it is meant to be a secret.
        if (!Base64Url.IsValid(text)) throw new HostStartException($"What {place} holds is not base64url: give {SealingKey.Size} random bytes in that form.");
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == SealingKey.Size ? new(bytes) : throw new HostStartException($"{place} holds a master key of {bytes.Length} bytes instead of {SealingKey.Size}: put the right one back.");
    }
}
