using Scdn.Format;

namespace Scdn.Host.Data;

/// <summary>The store can't be used: now (transient: another process writes, the disk is full, no server answers) or at all (damaged, of a newer version).</summary>
internal sealed class StoreException(string message, bool isTransient, Exception? inner = null) : ScdnException(message, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient { get; } = isTransient;
}
