using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format;

/// <summary>A content key in a text file of one line, <c>scdn-key-1 CONTENT KEY</c>, the key in base64url: for its owner's eyes only.</summary>
public static class ContentKeyFile
{
    private const string Mark = "scdn-key-1";
    private const int MaxSize = 256;

    /// <summary>Writes a new file that only its owner can read.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    public static void Write(string path, ContentId content, ContentKey key)
    {
        var line = Line(content, key);
        PrivateFile.WriteNew(path, line);
        CryptographicOperations.ZeroMemory(line);
    }

    /// <summary>Writes a file that only its owner can read, or over it: at no instant is there half of one.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Replace(string path, ContentId content, ContentKey key)
    {
        var line = Line(content, key);
        PrivateFile.Replace(path, line);
        CryptographicOperations.ZeroMemory(line);
    }

    /// <summary>Reads a key file.</summary>
    /// <exception cref="FormatException">It is no key file.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static (ContentId Content, ContentKey Key) Read(string path)
    {
        if (FileKind.IsPipe(path)) throw new FormatException($"{path} is a pipe: copy what it gives into a content key file.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var bytes = new byte[MaxSize];
        var length = stream.ReadAtLeast(bytes, MaxSize, throwOnEndOfStream: false);
        var words = Encoding.ASCII.GetString(bytes, 0, length).TrimEnd('\r', '\n').Split(' ');
        if (words is [Mark, var content, var key] && ContentId.TryParse(content, out var id) && StrictBase64Url.TryDecode(key, ContentKey.Size, out var secret))
        {
            return (id, new ContentKey(secret));
        }

        throw new FormatException($"The file {path} is not a content key file: it should be one line that begins with {Mark}.");
    }

    private static byte[] Line(ContentId content, ContentKey key) => Encoding.ASCII.GetBytes($"{Mark} {content} {Base64Url.EncodeToString(key.Bytes)}\n");
}
