using Scdn.Host.Feed;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Keeps in the data folder where control hosts are and what they are known by, as the feed tells it: the next start may find another of them than the one that the server joined at.</summary>
internal sealed partial class KnownControlHosts(ServerView view, ControlHosts hosts, Membership membership, ILogger<KnownControlHosts> log)
{
    /// <summary>Keeps what is known now, and from now on.</summary>
    public void KeepFromNowOn()
    {
        view.Changed += (_, _) => Keep();
        Keep();
    }

    private void Keep()
    {
        if (membership.Joined is not { } joined) return;
        // From now on control hosts go by what the feed tells, and a key that one of them had when a join token was made doesn't outlive it.
        if (view.Facts.ControlHosts.Any()) hosts.Trust([]);
        if (hosts.Known is not { Count: > 0 } known || known.SequenceEqual(joined.ControlHosts)) return;
        try
        {
            membership.Keep(joined with { ControlHosts = known });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next change, or the next start, tries again.
            LogNotKept(fault.Message);
        }
    }

    [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "Where control hosts are could not be noted: {Reason}")]
    private partial void LogNotKept(string reason);
}
