using Scdn.Format;

namespace Scdn.Client.Reserving;

/// <summary>A content can't be reserved: the message says why, and what to do.</summary>
public sealed class ReserveException : ScdnException
{
    internal ReserveException(string message)
        : base(message)
    {
    }
}
