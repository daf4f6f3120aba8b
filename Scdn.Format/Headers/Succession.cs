using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format;

/// <summary>
/// A publisher's word that another key signs from now on: a text file of one line that both keys signed (SPEC.md). It proves that whoever holds the former key
/// named the new one, and that the new one's holder agreed; not that the former key was in the right hands.
/// </summary>
public sealed class Succession
{
    /// <summary>The extension of succession files.</summary>
    public const string Extension = ".succession";

    /// <summary>The header of an HTTP request that shows a succession as its <see cref="HeaderValue"/>; there may be several.</summary>
    public const string HeaderName = "Scdn-Succession";

    // A header's signed bytes begin with its magic, these with this mark: neither signature can stand for the other.
    private const string Mark = "scdn-succession-1";
    private const string AnyVersion = "scdn-succession-";
    private const string DateForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const int MaxSize = 512;

    private Succession(string text, PublisherId former, PublisherId successor, DateTimeOffset made) => (Text, Former, Successor, Made) = (text, former, successor, made);

    /// <summary>The whole file.</summary>
    public string Text { get; }

    /// <summary>The file without its line feed, which no HTTP header may have.</summary>
    public string HeaderValue => Text[..^1];

    /// <summary>Who signed until then.</summary>
    public PublisherId Former { get; }

    /// <summary>Who signs from then on.</summary>
    public PublisherId Successor { get; }

    /// <summary>When, to the second, by the clock of whoever made it.</summary>
    public DateTimeOffset Made { get; }

    /// <summary>Makes a succession; needs both private keys.</summary>
    /// <exception cref="ArgumentException">Both are the same key.</exception>
    public static Succession Make(PublisherKey former, PublisherKey successor, DateTimeOffset now)
    {
        if (former.Id == successor.Id) throw new ArgumentException("A key can't succeed itself.", nameof(successor));
        var signed = $"{Mark} {Word(former.ExportPublic())} {Word(successor.ExportPublic())} {now.UtcDateTime.ToString(DateForm, CultureInfo.InvariantCulture)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return Parse($"{signed} {Word(former.Sign(bytes))} {Word(successor.Sign(bytes))}\n", "The new succession");
    }

    /// <summary>Reads a succession file, and checks both signatures.</summary>
    /// <exception cref="SuccessionException">It is no succession, of an unknown version, or not signed by both.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Succession Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var bytes = new byte[MaxSize];
        var length = stream.ReadAtLeast(bytes, MaxSize, throwOnEndOfStream: false);
        return Parse(Encoding.Latin1.GetString(bytes, 0, length), path);
    }

    /// <summary>All who were, by some of these successions, a publisher before it took its present key.</summary>
    public static IReadOnlySet<PublisherId> FormersOf(PublisherId publisher, IReadOnlyCollection<Succession> successions)
    {
        var formers = new HashSet<PublisherId>();
        var open = new Queue<PublisherId>([publisher]);
        while (open.TryDequeue(out var successor))
        {
            foreach (var former in successions.Where(one => one.Successor == successor).Select(one => one.Former).Where(formers.Add)) open.Enqueue(former);
        }

        formers.Remove(publisher);
        return formers;
    }

    /// <summary>Takes a <see cref="HeaderValue"/>, and checks both signatures.</summary>
    /// <exception cref="SuccessionException">It is no succession, of an unknown version, or not signed by both.</exception>
    public static Succession ParseHeader(string? value) => Parse($"{value}\n", "What was sent as a succession");

    /// <summary>Takes a succession's text, and checks both signatures.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="name">What an error calls it.</param>
    /// <exception cref="SuccessionException">It is no succession, of an unknown version, or not signed by both.</exception>
    internal static Succession Parse(string text, string name)
    {
        if (text.StartsWith(AnyVersion, StringComparison.Ordinal) && !text.StartsWith(Mark + ' ', StringComparison.Ordinal))
            throw new SuccessionException(SuccessionFault.UnknownVersion, $"{name} is a succession of a version that this program does not know: use a newer program.");
        if (!text.EndsWith('\n') || text[..^1].Split(' ') is not [Mark, var former, var successor, var date, var formerSigned, var successorSigned]
            || !StrictBase64Url.TryDecode(former, HeaderFormat.PublicKeySize, out var formerPoint) || !StrictBase64Url.TryDecode(successor, HeaderFormat.PublicKeySize, out var successorPoint)
            || !StrictBase64Url.TryDecode(formerSigned, HeaderFormat.SignatureSize, out var formerSignature) || !StrictBase64Url.TryDecode(successorSigned, HeaderFormat.SignatureSize, out var successorSignature)
            || !DateTimeOffset.TryParseExact(date, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
            || former == successor)
            throw new SuccessionException(SuccessionFault.NotASuccession, $"{name} is not a succession, or was changed: it is one line that begins with {Mark}, as 'scdn keygen --rotate' wrote it.");

        var signed = Encoding.ASCII.GetBytes(string.Join(' ', Mark, former, successor, date));
        return new(text, Signer(formerPoint, signed, formerSignature, name, "former"), Signer(successorPoint, signed, successorSignature, name, "new"), made);
    }

    private static PublisherId Signer(byte[] point, byte[] signed, byte[] signature, string name, string which)
    {
        try
        {
            using var key = new PublicKey(point);
            if (key.HasSigned(signed, signature)) return key.Id;
        }
        catch (CryptographicException fault)
        {
            throw new SuccessionException(SuccessionFault.BadSignature, $"{name} proves nothing: its {which} key is not a point on the curve P-256.", fault);
        }

        throw new SuccessionException(SuccessionFault.BadSignature, $"{name} proves nothing: its {which} key did not sign it.");
    }

    private static string Word(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
