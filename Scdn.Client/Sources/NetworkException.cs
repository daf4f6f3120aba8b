using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>The bytes of a content can't be had: no server gives them, or what was fetched is gone.</summary>
public sealed class NetworkException : ScdnException
{
    internal NetworkException(string message, bool isTransient = false, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    /// <inheritdoc/>
    public override bool IsTransient { get; }
}
