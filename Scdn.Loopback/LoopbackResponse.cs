using System.Globalization;
using System.Text;

namespace Scdn.Loopback;

/// <summary>The head of an answer. The body's length is always announced, so that a player can tell a whole body from a broken one.</summary>
/// <param name="Status">The status code, 200 to 599.</param>
/// <param name="Length">Bytes of the body that will follow (or would, for HEAD).</param>
public sealed record LoopbackResponse(int Status, long Length)
{
    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The value of <c>Content-Range</c>; see <see cref="Range"/> and <see cref="Unsatisfiable"/>.</summary>
    public string? ContentRange { get; init; }

    /// <summary>Further headers. Names and values must be plain printable ASCII.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Ends the connection after this answer. Default false: it is kept for the next request.</summary>
    public bool Close { get; init; }

    /// <summary>206 for a part of a representation.</summary>
    public static LoopbackResponse Range(long offset, long length, long total, string contentType) =>
        new(206, length) { ContentType = contentType, ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{total}") };

    /// <summary>416 for a range that lies outside of the representation.</summary>
    public static LoopbackResponse Unsatisfiable(long total) =>
        new(416, 0) { ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{total}") };

    internal byte[] Encode(bool close)
    {
        var text = new StringBuilder(256)
            .Append("HTTP/1.1 ").Append(Status).Append(' ').Append(Reason(Status)).Append("\r\n");
        Add(text, "Content-Length", Length.ToString(CultureInfo.InvariantCulture));
        Add(text, "Content-Type", ContentType);
        Add(text, "Accept-Ranges", "bytes");
        Add(text, "Cache-Control", "no-store");
        Add(text, "Connection", close ? "close" : "keep-alive");
        if (ContentRange is not null) Add(text, "Content-Range", ContentRange);
        foreach (var (name, value) in Headers) Add(text, name, value);
        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }

    // A line break in a value would let its author write headers, or a whole answer, of their own.
    private static void Add(StringBuilder text, string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException($"The value of the header {name} is not plain printable ASCII.");
        if (name.Length == 0 || !RequestHead.IsToken(name)) throw new ArgumentException($"'{name}' is not a header name.");
        text.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        206 => "Partial Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    };
}
