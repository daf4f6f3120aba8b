namespace Scdn.Media.Tools;

/// <summary>The last lines that a program wrote about its troubles: bounded, for hostile media can make it write without end, and without the secret addresses that it read from.</summary>
internal sealed class ErrorTail(IReadOnlyList<string> secrets)
{
    private const int MaxLines = 16;
    private const int MaxLineLength = 400;

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();

    /// <summary>Whether the program said that reading its source failed.</summary>
    public bool SourceFailed { get; private set; }

    /// <summary>Whether the program said that it doesn't know one of its options: it is too old.</summary>
    public bool LacksOption { get; private set; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public string? Last => Lines is [.., var line] ? line : null;

    public void Add(string line)
    {
        line = line.Trim();
        if (line.Length == 0) return;
        lock (_gate)
        {
            LacksOption |= line.EndsWith(": Option not found", StringComparison.Ordinal);
            // Since FFmpeg 7; those before say the same with the source's address in front.
            SourceFailed |= line.Contains("Error during demuxing: ", StringComparison.Ordinal);
            foreach (var secret in secrets.Where(secret => line.Contains(secret, StringComparison.Ordinal)))
            {
                // "URL: Connection reset by peer": FFmpeg takes this for the end of the film and goes on to exit with code 0.
                SourceFailed |= line.StartsWith(secret + ": ", StringComparison.Ordinal);
                line = line.Replace(secret, "the source", StringComparison.Ordinal);
            }

            _lines.Enqueue(line.Length > MaxLineLength ? line[..MaxLineLength] : line);
            if (_lines.Count > MaxLines) _lines.Dequeue();
        }
    }
}
