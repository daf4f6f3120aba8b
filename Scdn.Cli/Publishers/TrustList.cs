using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>
/// The publishers whom this user trusts: a text file with one on each line, 64 digits and, after a space, perhaps a name. Read strictly, for a line that is only
/// half understood would decide whom to trust.
/// </summary>
internal static class TrustList
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where it is.</summary>
    public static string FilePath => Path.Combine(UserFolders.Config, "trusted-publishers");

    /// <summary>The list; empty when there is no file.</summary>
    /// <exception cref="CliException">A line is damaged.</exception>
    public static List<TrustedPublisher> Read()
    {
        var path = FilePath;
        if (!File.Exists(path)) return [];
        List<TrustedPublisher> list = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0) throw Damaged(list.Count, "it is cut off");
            list.Add(Parse(rest[..end], list));
            rest = rest[(end + 1)..];
        }

        return list;
    }

    /// <summary>Writes the list, whole or not at all; for whoever holds the <see cref="PublisherLock"/>.</summary>
    public static void Write(IEnumerable<TrustedPublisher> list) =>
        PrivateFile.Replace(FilePath, StrictUtf8.GetBytes(string.Concat(list.Select(one => one.Name is null ? $"{one.Id}\n" : $"{one.Id} {one.Name}\n"))));

    private static TrustedPublisher Parse(ReadOnlySpan<byte> line, List<TrustedPublisher> before)
    {
        var text = Decode(line) ?? throw Damaged(before.Count, "it is not UTF-8");
        var (digits, name) = text.IndexOf(' ') is >= 0 and var space ? (text[..space], text[(space + 1)..]) : (text, null);
        if (!PublisherId.TryParse(digits, out var id)) throw Damaged(before.Count, "it does not begin with the 64 digits of a publisher");
        if (name is not null && !TrustedPublisher.IsName(name)) throw Damaged(before.Count, TrustedPublisher.NameRule);
        return before.Exists(one => one.Id == id) ? throw Damaged(before.Count, "its publisher is on a line before") : new(id, name);
    }

    private static string? Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return StrictUtf8.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static CliException Damaged(int before, string why) => new($"{FilePath}, line {before + 1} is damaged: {why}. Put the line right, or remove it.");
}
