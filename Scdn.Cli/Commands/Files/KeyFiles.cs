using System.CommandLine;
using System.Security.Cryptography;
using Scdn.Format;

namespace Scdn.Cli.Commands.Files;

/// <summary>Where a content's key is kept, and how it is found again.</summary>
internal static class KeyFiles
{
    public const string Extension = ".key";

    public static Option<FileInfo?> Option() => new("--key")
    {
        Description = "The content's key file (default: the header's name with .key, beside it).",
        HelpName = "FILE",
    };

    /// <summary>Where the key belongs when nobody says: beside the header.</summary>
    public static string DefaultFor(string headerPath) =>
        headerPath.EndsWith(Header.Extension, StringComparison.OrdinalIgnoreCase) ? headerPath[..^Header.Extension.Length] + Extension : headerPath + Extension;

    /// <summary>Whether a key file holds just this key.</summary>
    public static bool Holds(string path, ContentKey key)
    {
        try
        {
            using var held = ContentKeyFile.Read(path).Key;
            return CryptographicOperations.FixedTimeEquals(held.Bytes, key.Bytes);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The key of a sealed header: from the file that is named, else from the default place; null when it lies in neither.</summary>
    public static ContentKey? Find(Header header, string headerPath, FileInfo? named)
    {
        if (!header.IsSealed) return null;
        var path = named?.FullName ?? DefaultFor(headerPath);
        return named is null && !File.Exists(path) ? null : Read(path, header);
    }

    /// <summary>The key of a sealed header, without which nothing can go on; null when it is not sealed.</summary>
    public static ContentKey? Require(Header header, string headerPath, FileInfo? named) =>
        !header.IsSealed ? null : Find(header, headerPath, named)
            ?? throw new CliException($"The header is sealed, and its key is not in {DefaultFor(headerPath)}: name the key's file with --key.");

    private static ContentKey Read(string path, Header header)
    {
        try
        {
            var (_, key) = ContentKeyFile.Read(path);
            return header.Accepts(key) ? key : throw new CliException($"The key in {path} is the wrong one: it does not belong to content {header.Content}, version {header.Version}.");
        }
        catch (FormatException fault)
        {
            throw new CliException(fault.Message, fault);
        }
    }
}
