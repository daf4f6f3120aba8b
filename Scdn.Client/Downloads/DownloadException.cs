using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>A content that was taken along can't be played, or not be taken along: the message says why, and what to do.</summary>
public sealed class DownloadException : ScdnException
{
    internal DownloadException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
