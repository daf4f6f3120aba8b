using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Scdn.Loopback;

/// <summary>A request's head (RFC 9112), read strictly: what is ambiguous is refused rather than guessed.</summary>
internal sealed record RequestHead(string Method, string Target, Version Version, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Most bytes that a head may have, its final empty line included.</summary>
    public const int MaxSize = 16 * 1024;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Parses the lines before the empty one. False when they are not a request without a body.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RequestHead? head)
    {
        head = null;
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (!TryRequestLine(lines[0], out var method, out var target, out var version)) return false;

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !IsToken(line.AsSpan(0, colon))) return false;
            var value = line[(colon + 1)..].Trim(' ', '\t');
            if (value.AsSpan().ContainsAny('\r', '\n', '\0')) return false;
            // Two Host or Range headers are two readers' two opinions; no player sends any header twice.
            if (!headers.TryAdd(line[..colon], value)) return false;
        }

        if (headers.ContainsKey("Transfer-Encoding") || headers.GetValueOrDefault("Content-Length", "0") != "0") return false;
        head = new(method, target, version, headers);
        return true;
    }

    /// <summary>Whether the client wants the connection kept for another request.</summary>
    public bool KeepAlive =>
        Headers.TryGetValue("Connection", out var connection)
            ? !connection.Contains("close", StringComparison.OrdinalIgnoreCase)
              && (Version.Minor == 1 || connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase))
            : Version.Minor == 1;

    private static bool TryRequestLine(string line, out string method, out string target, [NotNullWhen(true)] out Version? version)
    {
        (method, target, version) = ("", "", null);
        var words = line.Split(' ');
        if (words is not [var verb, ['/', ..] path, var protocol] || !IsToken(verb) || path.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        version = protocol switch
        {
            "HTTP/1.1" => new(1, 1),
            "HTTP/1.0" => new(1, 0),
            _ => null,
        };
        (method, target) = (verb, path);
        return version is not null;
    }
}
