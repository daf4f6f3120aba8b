using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>A read that had to wait: from when, and for whom. Changed by its log alone.</summary>
internal sealed class ReadWait(TimeSpan from, TimeSpan place)
{
    public TimeSpan From { get; } = from;

    /// <summary>When it was over; null: it is not.</summary>
    public TimeSpan? To { get; set; }

    /// <summary>About where in the content.</summary>
    public TimeSpan Place { get; } = place;

    /// <summary>Who was asked for it first, or did it wrong; null: nobody yet.</summary>
    public string? Server { get; set; }

    /// <summary>Who brought it; null: nobody.</summary>
    public string? By { get; set; }

    /// <summary>What was wrong with the server.</summary>
    public PlayFault? Fault { get; private set; }

    /// <summary>Since when.</summary>
    public TimeSpan? Since { get; private set; }

    /// <summary>Takes what is known of a server as the cause. That it was slow gives way to what it turned out to be.</summary>
    public void Blame(PlayEntry entry)
    {
        if (Fault is not null and not PlayFault.Slow) return;
        (Server, Fault, Since) = (entry.Server, entry.Fault, entry.Since);
    }

    /// <summary>Nothing was wrong but that it took so long.</summary>
    public void Settle()
    {
        if (Fault is null) (Fault, Since) = (PlayFault.Slow, From);
    }
}
