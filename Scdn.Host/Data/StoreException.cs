using Scdn.Format;
using Scdn.Grains;

namespace Scdn.Host.Data;

/// <summary>The store can't be used: now (transient: another process writes, the disk is full, no server answers) or at all (damaged, of a newer version).</summary>
internal sealed class StoreException(string message, bool isTransient, Exception? inner = null) : ScdnException(message, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient { get; } = isTransient;

    /// <summary>Whether what was to be kept or looked for is at fault, not the store.</summary>
    public bool IsOfRequest { get; init; }

    /// <summary>What is answered meanwhile. Where the store is and what is the matter with it is for the log.</summary>
    public Refusal ToRefusal() => IsOfRequest
        ? Refusal.Invalid("The request has a NUL in it, or something else that is no text: leave it out.")
        : Refusal.Unavailable("This host can't reach what it keeps its state in just now: try again, or another host.") with { Cause = Message };
}
