using Scdn.Client.Explaining;
using Scdn.Client.Scheduling;

namespace Scdn.Client.Sources;

/// <summary>One reader of the original: a place, and what it waits for there. Used by one caller at a time; disposed, nothing is fetched for it any more.</summary>
internal sealed class ContentReader(NetworkManager network, ReadPoint point) : IDisposable
{
    public ReadPoint Point { get; } = point;

    /// <summary>The segment it waits for; null when it does not.</summary>
    public int? Wanted { get; set; }

    /// <summary>Completes when that segment is here.</summary>
    public TaskCompletionSource? Arrival { get; set; }

    /// <summary>Its waiting, as the play's log has it; null when it does not.</summary>
    public ReadWait? Wait { get; set; }

    /// <summary>Who brought what it waited for; null before.</summary>
    public string? BroughtBy { get; set; }

    public long Position => Point.Position;

    /// <summary>Goes elsewhere; what is fetched next follows at once.</summary>
    public void Seek(long position) => network.Aim(this, position);

    /// <summary>Gives the next bytes as soon as some are here, at least one; 0 at the original's end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> output, CancellationToken cancellationToken) => network.ReadAsync(this, output, cancellationToken);

    public void Dispose() => network.Leave(this);
}
