using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Scdn.Media.Decoding;

/// <summary>
/// How subtitles come from FFmpeg: as SubRip through a socket of its own, for what goes through its standard output has no room for how long one is shown. Nothing of it is on the disk once FFmpeg
/// has opened it.
/// </summary>
internal sealed class CueChannel : IDisposable
{
    private const int MostCueLength = 64 * 1024;

    private readonly string _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private CueChannel(string folder) => _folder = folder;

    /// <summary>What FFmpeg writes to.</summary>
    public string Address => $"unix:{Place}";

    private string Place => Path.Combine(_folder, "cues");

    /// <summary>Makes one, in a folder that nobody else may look into.</summary>
    public static CueChannel Open()
    {
        var channel = new CueChannel(Directory.CreateTempSubdirectory("scdn-").FullName);
        channel._listener.Bind(new UnixDomainSocketEndPoint(channel.Place));
        channel._listener.Listen(1);
        return channel;
    }

    /// <summary>The subtitles, with times from where FFmpeg began. To be read once.</summary>
    public async IAsyncEnumerable<Cue> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = await _listener.AcceptAsync(cancellationToken);
        Clear();
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await foreach (var cue in ReadAsync(reader, cancellationToken)) yield return cue;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Clear();
    }

    /// <summary>Reads SubRip as FFmpeg writes it: a number, the times, the lines, an empty line. What a subtitle does not end with, a killed FFmpeg has not finished.</summary>
    internal static async IAsyncEnumerable<Cue> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (TimeSpan Begin, TimeSpan End)? times = null;
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (times is not { } shown) times = TimesOf(line);
            else if (line.Length > 0)
            {
                if (text.Length < MostCueLength) text.Append(text.Length > 0 ? "\n" : "").Append(line);
            }
            else
            {
                if (text.Length > 0) yield return new(shown.Begin, shown.End, text.ToString());
                text.Clear();
                times = null;
            }
        }
    }

    private static (TimeSpan Begin, TimeSpan End)? TimesOf(string line) =>
        line.Split(" --> ") is [var begin, var end] && TryTime(begin, out var from) && TryTime(end, out var to) ? (from, to) : null;

    // Hours may have more than two digits.
    private static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        if (text.Split(':') is not [var hours, var minutes, var seconds]
            || !int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
            || !int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
            || !double.TryParse(seconds.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var s)) return false;
        time = TimeSpan.FromHours(h) + TimeSpan.FromMinutes(m) + TimeSpan.FromSeconds(s);
        return true;
    }

    private void Clear()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
